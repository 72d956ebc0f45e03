import { createHmac, randomUUID } from 'node:crypto';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { outputIdOf } from '../../infra/aws/names.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { TestSlipway } from './slipway.ts';

/** One request as GitHub would send it; every part can be spoiled. */
export interface Delivery {
  readonly id?: string;
  readonly event?: string;
  readonly body: string | Buffer;
  readonly method?: string;
  readonly secret?: string;
  /** Headers to set, or to leave out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface Answered {
  readonly id: string;
  readonly status: number;
  readonly message: string;
}

export interface WebhookDoor {
  /** Sends a request to the real route, signed unless told otherwise. */
  deliver(delivery: Delivery): Promise<Answered>;
  readonly secret: string;
  /** Puts another value into the secret, as an owner does who rotates it. */
  keep(value: string): Promise<void>;
}

/** The webhook of the control plane and its secret, found as an owner finds them: by the outputs of its stack. */
export const webhookDoor = async ({ cloud }: TestSlipway): Promise<WebhookDoor> => {
  const { Stacks } = await new CloudFormationClient(clientSettings(cloud)).send(
    new DescribeStacksCommand({ StackName: 'slipway' }),
  );
  const outputs = new Map(Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const url = outputs.get('WebhookUrl') ?? '';
  const SecretId = outputs.get(outputIdOf('WEBHOOK_SECRET_ID'));
  const client = new SecretsManagerClient(clientSettings(cloud));
  const { SecretString: current = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  return {
    secret: current,
    keep: async (SecretString) => {
      await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    deliver: async ({ id = randomUUID(), event = 'push', body, method = 'POST', secret = current, headers = {} }) => {
      const all = {
        'content-type': 'application/json',
        'x-github-delivery': id,
        'x-github-event': event,
        'x-hub-signature': sign('sha1', secret, body),
        'x-hub-signature-256': sign('sha256', secret, body),
        ...headers,
      };
      const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const response = await fetch(url, {
        method,
        headers: Object.fromEntries(sent),
        ...(method !== 'GET' && { body }),
      });
      const { message } = (await response.json()) as { readonly message: string };
      return { id, status: response.status, message };
    },
  };
};

const sign = (algorithm: string, secret: string, body: string | Buffer): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;

/** The fields of a push that mean something; acme/shop unless told otherwise. */
export const pushBody = (push: {
  readonly ref: string;
  readonly after: string;
  readonly repository?: object;
}): string =>
  JSON.stringify({
    before: '0'.repeat(40),
    repository: { id: 1001, name: 'shop', owner: { login: 'acme' } },
    sender: { login: 'octocat' },
    pusher: { name: 'octocat' },
    ...push,
  });
