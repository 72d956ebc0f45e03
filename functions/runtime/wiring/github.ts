import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { gitHubSecrets } from '../../adapters/aws/git-hub-secrets.ts';
import { gitHubBranchReader } from '../../adapters/github/branch-reader.ts';
import { gitHubHookDeliveries } from '../../adapters/github/hook-deliveries.ts';
import { type AsInstallation, gitHubApp, gitHubInstallations } from '../../adapters/github/installation.ts';
import { gitHubReporter } from '../../adapters/github/reporter.ts';
import { gitHubSourceReader } from '../../adapters/github/source-reader.ts';
import { StepFailure } from '../../domain/failure.ts';
import type { GitHubApp } from '../../domain/git-hub-app.ts';
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
  const id = environment['GITHUB_APP_SECRET_ID'];
  const secrets = gitHubSecrets(new SecretsManagerClient(aws), { app: id, webhook: undefined });
  return async () => (await secrets.findApp()) ?? refuse(id);
};

const refuse = (id: string | undefined): never => {
  throw new StepFailure({
    code: 'GitHubAppMissing',
    message: `The secret ${id} holds no GitHub App: Slipway cannot speak to GitHub`,
    left: 'Nothing was changed',
    remedy: 'Run slipway setup github, then push again',
  });
};
