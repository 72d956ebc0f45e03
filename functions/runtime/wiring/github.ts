import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { gitHubBranchReader } from '../../adapters/github/branch-reader.ts';
import { gitHubHookDeliveries } from '../../adapters/github/hook-deliveries.ts';
import {
  type AsInstallation,
  type GitHubApp,
  gitHubApp,
  gitHubInstallations,
} from '../../adapters/github/installation.ts';
import { gitHubReporter } from '../../adapters/github/reporter.ts';
import { gitHubSourceReader } from '../../adapters/github/source-reader.ts';
import type { BranchReader, HookDeliveries, Reporter, SourceReader } from '../../ports.ts';
import type { World } from '../world.ts';

export const github = {
  source: (world: World): SourceReader => gitHubSourceReader(installations(world)),
  reporter: (world: World): Reporter => gitHubReporter(installations(world)),
  branches: (world: World): BranchReader => gitHubBranchReader(installations(world)),
  hookDeliveries: (world: World): HookDeliveries =>
    gitHubHookDeliveries(gitHubApp(appOf(world), world.environment['GITHUB_API_URL'])),
};

const installations = (world: World): AsInstallation =>
  gitHubInstallations(appOf(world), world.environment['GITHUB_API_URL']);

const appOf = ({ aws, environment }: World): (() => Promise<GitHubApp>) => {
  const secrets = new SecretsManagerClient(aws);
  return async (): Promise<GitHubApp> => {
    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: environment['GITHUB_APP_SECRET_ID'] }),
    );
    return JSON.parse(SecretString ?? '{}') as GitHubApp;
  };
};
