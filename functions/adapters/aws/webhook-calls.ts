import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { webhookSecretsIn } from '../../domain/webhook-secrets.ts';
import { rememberedSecrets } from './remembered-secrets.ts';

export interface WebhookSettings {
  readonly region: string;
  readonly secretId: string;
  readonly machineArn: string;
  readonly endpoint: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** The webhook's only two calls of AWS, signed without an SDK: its import would cost more than everything else. */
export const webhookCalls = (settings: WebhookSettings, now: () => number) => {
  // aws4fetch retries ten times by default, which outlasts GitHub's patience.
  const { accessKeyId, secretAccessKey, region } = settings;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(settings.sessionToken && { sessionToken: settings.sessionToken }),
    region,
    retries: 2,
  });
  const call = async (
    service: string,
    host: string,
    target: string,
    version: string,
    input: object,
  ): Promise<Response> =>
    client.fetch(settings.endpoint ?? `https://${host}.${region}.amazonaws.com/`, {
      method: 'POST',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
      body: JSON.stringify(input),
      aws: { service, region },
    });

  /** The secrets that are valid now; none while the secret has no value or is not there. */
  const readSecrets = async (): Promise<readonly string[]> => {
    const response = await call('secretsmanager', 'secretsmanager', 'secretsmanager.GetSecretValue', '1.1', {
      SecretId: settings.secretId,
    });
    if (response.ok) {
      const { SecretString } = (await response.json()) as { SecretString?: string };
      return webhookSecretsIn(SecretString ?? '');
    }
    const error = await failed('GetSecretValue', response);
    if (error.name === 'ResourceNotFoundException') return [];
    throw error;
  };

  return {
    ...rememberedSecrets(readSecrets, now),
    start: async (name: string, input: object): Promise<boolean> => {
      const response = await call('states', 'states', 'AWSStepFunctions.StartExecution', '1.0', {
        stateMachineArn: settings.machineArn,
        name,
        input: JSON.stringify(input),
      });
      if (response.ok) return true;
      const error = await failed('StartExecution', response);
      if (error.name === 'ExecutionAlreadyExists') return false;
      throw error;
    },
  };
};

/** HMAC SHA-256 over the raw bytes, compared in constant time. */
export const isSigned = (body: Uint8Array, signature: string, secret: string): boolean => {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const failed = async (operation: string, response: Response): Promise<Error> => {
  const { __type = 'Unknown', message = '' } = (await response.json().catch(() => ({}))) as {
    __type?: string;
    message?: string;
  };
  const error = new Error(`${operation} answered ${response.status}: ${message}`);
  error.name = __type.split('#').at(-1) ?? __type;
  return error;
};
