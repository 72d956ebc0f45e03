import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describeError } from '../../functions/domain/configuration/configuration-error.ts';
import { appPermissions } from '../../functions/domain/git-hub-app.ts';
import { applyConfiguration } from '../../functions/operations/apply-configuration.ts';
import { storeGitHubApp } from '../../functions/operations/store-git-hub-app.ts';
import { clientSettings, deployAssembly } from '../../infra/local/assembly.ts';
import type { Clock } from '../../infra/local/clock.ts';
import { type Cloud, type CloudOptions, type Latencies, openWorld, startCloud } from '../../infra/local/cloud.ts';
import { deployTemplate } from '../../infra/local/cloudformation/deploy-template.ts';
import { type GitHub, startGitHub } from '../../infra/local/github/github.ts';
import type { ImageSource } from '../../infra/local/images/image-source.ts';
import { stopAfter, stopAll } from '../../infra/local/stop-all.ts';
import { type OperatorPorts, operatorPorts } from '../operator.ts';
import { type CloudFile, readCloudFile } from './cloud-file.ts';
import { type GitHubKeys, gitHubKeys } from './git-hub-app.ts';
import { ROOT, synthesise } from './synthesise.ts';

export interface LocalOptions extends Partial<Omit<CloudOptions, 'images' | 'environment' | 'path'>> {
  /** State folder. */
  readonly directory: string;
  readonly clock: Clock;
  readonly latencies?: Latencies;
  readonly log?: (line: string) => void;
  /** The account's database server lets users in by IAM too; otherwise by password alone. */
  readonly iamLogin?: boolean;
  /** Images beside those of examples/cloud.yaml. */
  readonly moreImages?: readonly CloudFile['images'][number][];
  /** Told what is being done, for whoever waits. */
  readonly say?: (line: string) => void;
  /** Told of every ref that a push moved or made, before anything follows from it. */
  readonly onPush?: (repository: string, ref: string, commit: string) => void;
}

/** Slipway on the embedded cloud, ready for a push. */
export interface LocalSlipway {
  readonly cloud: Cloud;
  readonly github: GitHub;
  readonly ports: OperatorPorts;
  /** Of the control plane's stack. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Outputs of examples/foundation.template.yaml. */
  readonly foundation: Readonly<Record<string, string>>;
  /** Where applications answer. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded cloud and GitHub, and deploys to it what an account has before Slipway comes, then the very
 * templates that AWS would get. On a resumed state every step finds its work done.
 */
export const startSlipway = async (wanted: LocalOptions): Promise<LocalSlipway> => {
  // Processes of the cloud have working directories of their own.
  const options = { ...wanted, directory: resolve(wanted.directory) };
  const { say = () => {}, onPush = () => {}, moreImages = [] } = options;
  say("Preparing Slipway's own templates");
  const assembly = synthesise();
  say(`Starting the embedded cloud in ${options.directory}`);
  const file = readCloudFile(join(ROOT, 'examples/cloud.yaml'));
  const keys = gitHubKeys(options.directory);
  const opened = openWorld(options);
  let webhookUrl: string | undefined;
  let cloud: Cloud | undefined;
  const github = await startGitHub(opened.world, {
    directory: join(options.directory, 'repositories'),
    repositories: file.repositories,
    app: { ...file.gitHubApp, permissions: appPermissions, privateKeyPem: keys.privateKeyPem },
    silent: true,
    webhook: () => (webhookUrl ? { url: webhookUrl, secret: keys.webhookSecret } : undefined),
    onPush: async (name, ref, _before, after) => {
      const repository = file.repositories.find((candidate) => candidate.name === name);
      if (!repository || /^0+$/.test(after)) return;
      onPush(`${repository.owner}/${name}`, ref, after);
      await cloud?.images.publish(`${repository.owner}/${name}`, after);
    },
  });
  const stop = () => stopAll([github.stop, async () => cloud?.stop()]);
  try {
    cloud = await startCloud(opened, {
      functions: 'worker',
      ...options,
      environment: { GITHUB_API_URL: github.apiUrl },
      images: [...file.images, ...moreImages].map((image) => imageSource(image, github)),
      path: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    });
    say("Deploying Slipway's templates to it, as they would go to AWS");
    const foundation = await deployFoundation(cloud, options);
    const outputs = (await deployAssembly(cloud, assembly))['slipway'] ?? {};
    const ports = operatorPorts({
      outputs,
      aws: clientSettings(cloud),
      environment: { GITHUB_API_URL: github.apiUrl },
    });
    await fillSecrets(ports, keys, file.gitHubApp.id);
    say(`Applying ${EXAMPLE}`);
    await applyExample(ports);
    webhookUrl = outputs['WebhookUrl'];
    await github.speak();
    const url = cloud.balancer.listenerUrl(foundation['ListenerArn'] ?? '') ?? '';
    return { cloud, github, ports, outputs, foundation, url, stop };
  } catch (error) {
    return stopAfter(error, stop);
  }
};

const imageSource = (image: CloudFile['images'][number], { bareDirectory }: GitHub): ImageSource => {
  if ('program' in image) return { name: image.name, standIn: true, program: join(ROOT, image.program) };
  const { name, folder, repository } = image;
  const [owner = '', repositoryName = ''] = repository.split('/');
  return { name, folder, repositoryName: repository, repository: bareDirectory(owner, repositoryName) };
};

const deployFoundation = (cloud: Cloud, { iamLogin = false }: Pick<LocalOptions, 'iamLogin'>) =>
  deployTemplate(new CloudFormationClient(clientSettings(cloud)), {
    stackName: 'foundation',
    templateBody: readFileSync(join(ROOT, 'examples/foundation.template.yaml'), 'utf8'),
    parameters: { IamLogin: String(iamLogin) },
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });

/** What `slipway setup github` does on AWS: the secrets are born empty. What a rotation has changed since is left alone. */
const fillSecrets = async (ports: OperatorPorts, keys: GitHubKeys, appId: number) => {
  const { gitHubSecrets } = ports;
  if ((await gitHubSecrets.findApp()) && (await gitHubSecrets.findWebhookSecrets())) return;
  const app = { appId, privateKey: keys.privateKeyPem };
  await storeGitHubApp(ports, { app, webhookSecret: keys.webhookSecret });
};

const EXAMPLE = 'examples/local.yaml';

const applyExample = async (ports: OperatorPorts) => {
  const path = EXAMPLE;
  const text = readFileSync(join(ROOT, path), 'utf8');
  const applied = await applyConfiguration(ports, { file: { path, text }, actor: 'npm start' });
  if (applied.kind === 'invalid') throw new Error(applied.errors.map(describeError).join('\n'));
};
