import { AwsClient } from 'aws4fetch';
import type { ClientSettings } from './account.ts';

/** What a service of AWS's query protocol answered: the XML, or the code and message of its refusal. */
export type QueryAnswer =
  | { readonly kind: 'answered'; readonly xml: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

export interface QueryRequest {
  readonly service: 'ec2' | 'iam';
  readonly version: string;
  readonly action: string;
  /** Lists as AWS counts them: `SubnetId.1`. */
  readonly input: Readonly<Record<string, string>>;
}

/**
 * One call of a service whose client would be megabytes for two questions.
 * @throws whatever keeps the request from arriving
 */
export const queryCall = async (settings: ClientSettings, request: QueryRequest): Promise<QueryAnswer> => {
  const { accessKeyId, secretAccessKey, sessionToken } = await settings.credentials();
  const { service, region, url } = addressOf(settings, request.service);
  const client = new AwsClient({ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), retries: 2 });
  const response = await client.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: request.action, Version: request.version, ...request.input }).toString(),
    aws: { service, region },
  });
  const xml = await response.text();
  if (response.ok) return { kind: 'answered', xml };
  return {
    kind: 'refused',
    code: textOf(xml, 'Code') ?? String(response.status),
    message: textOf(xml, 'Message') ?? xml,
  };
};

/** Text of the first element of a name; the values asked for here hold no entities. */
export const textOf = (xml: string, element: string): string | undefined => textsOf(xml, element)[0];

export const textsOf = (xml: string, element: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => text);

/** IAM is one service for the world, and signs for us-east-1. */
const addressOf = ({ region, endpoint = process.env['AWS_ENDPOINT_URL'] }: ClientSettings, service: 'ec2' | 'iam') =>
  service === 'iam'
    ? { service, region: 'us-east-1', url: endpoint ?? 'https://iam.amazonaws.com/' }
    : { service, region, url: endpoint ?? `https://ec2.${region}.amazonaws.com/` };
