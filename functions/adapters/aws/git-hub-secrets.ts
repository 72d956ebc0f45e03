import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { GitHubApp } from '../../domain/git-hub-app.ts';
import { webhookSecretsIn, webhookSecretText } from '../../domain/webhook-secrets.ts';
import type { GitHubSecrets } from '../../ports.ts';
import { isNamed } from './named.ts';

/** The two secrets by which Slipway and GitHub know each other; both are born without a value. */
export const gitHubSecrets = (
  client: SecretsManagerClient,
  ids: { readonly app: string | undefined; readonly webhook: string | undefined },
): GitHubSecrets => ({
  findApp: async () => appIn((await findValue(client, ids.app))?.SecretString),
  writeApp: async ({ appId, privateKey }) => {
    const SecretString = JSON.stringify({ appId, privateKey });
    await client.send(new PutSecretValueCommand({ SecretId: ids.app, SecretString }));
  },
  findWebhookSecrets: async () => {
    const found = await findValue(client, ids.webhook);
    const [newest, ...older] = webhookSecretsIn(found?.SecretString ?? '');
    return newest === undefined
      ? undefined
      : { secrets: [newest, ...older], storedAt: (found?.CreatedDate ?? new Date(0)).toISOString() };
  },
  writeWebhookSecrets: async (secrets) => {
    await client.send(new PutSecretValueCommand({ SecretId: ids.webhook, SecretString: webhookSecretText(secrets) }));
  },
});

const findValue = async (client: SecretsManagerClient, SecretId: string | undefined) => {
  try {
    return await client.send(new GetSecretValueCommand({ SecretId }));
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
};

/** Undefined for anything else than `{appId, privateKey}`: a parser's complaint would quote the secret. */
const appIn = (text = ''): GitHubApp | undefined => {
  try {
    const { appId, privateKey } = JSON.parse(text) as Partial<GitHubApp>;
    return appId && typeof privateKey === 'string' ? { appId, privateKey } : undefined;
  } catch {
    // What is wrong is said by whoever needs the App, without its words.
    return undefined;
  }
};
