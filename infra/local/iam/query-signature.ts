import { createHash, createHmac } from 'node:crypto';

export interface PresignedRequest {
  /** As the `host` header has it: with the port where it is no default one. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261121` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** The scope that a presigned query names; undefined when it names none of version 4. */
export const credentialScopeOf = (query: URLSearchParams): CredentialScope | undefined => {
  const [accessKeyId, day, region, service, end, ...more] = (query.get('X-Amz-Credential') ?? '').split('/');
  if (!accessKeyId || !day || !region || !service || end !== 'aws4_request' || more.length > 0) return undefined;
  return { accessKeyId, day, region, service };
};

/**
 * The signature (hex) that a presigned GET must bear: one header is signed, `host`, and there is no body.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const querySignature = (
  { host, path, query }: PresignedRequest,
  { day, region, service }: CredentialScope,
  secretAccessKey: string,
): string => {
  const canonical = ['GET', path, canonicalQuery(query), `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = [day, region, service, 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', query.get('X-Amz-Date') ?? '', scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce((above: string | Buffer, part) => hmac(above, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
};

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => order(name, otherName) || order(value, otherValue))
    .map((pair) => pair.join('='))
    .join('&');

const order = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** RFC 3986: all but letters, digits and `-._~`. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
