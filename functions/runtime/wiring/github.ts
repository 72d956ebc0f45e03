import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AsInstallation, type GitHubApp, gitHubInstallations } from '../../adapters/github/installation.ts';
import { gitHubReporter } from '../../adapters/github/reporter.ts';
import { gitHubSourceReader } from '../../adapters/github/source-reader.ts';
import type { Reporter, SourceReader } from '../../ports.ts';
import type { World } from '../world.ts';

export const github = {
  source: (world: World): SourceReader => gitHubSourceReader(installations(world)),
  reporter: (world: World): Reporter => gitHubReporter(installations(world)),
};

const installations = ({ aws, environment }: World): AsInstallation => {
  const secrets = new SecretsManagerClient(aws);
  const app = async (): Promise<GitHubApp> => {
    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: environment['GITHUB_APP_SECRET_ID'] }),
    );
    return JSON.parse(SecretString ?? '{}') as GitHubApp;
  };
  return gitHubInstallations(app, environment['GITHUB_API_URL']);
};
