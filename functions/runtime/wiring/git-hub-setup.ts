import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { gitHubSecrets } from '../../adapters/aws/git-hub-secrets.ts';
import { gitHubSettings } from '../../adapters/github/settings.ts';
import type { GitHubSecrets, GitHubSettings } from '../../ports.ts';
import type { World } from '../world.ts';

/** What makes and changes the GitHub App: an operator's ports, in no function. */
export const gitHubSetup = {
  gitHubSecrets: ({ aws, environment }: World): GitHubSecrets =>
    gitHubSecrets(new SecretsManagerClient(aws), {
      app: environment['GITHUB_APP_SECRET_ID'],
      webhook: environment['WEBHOOK_SECRET_ID'],
    }),
  gitHubSettings: ({ environment }: World): GitHubSettings => gitHubSettings(environment['GITHUB_API_URL']),
};
