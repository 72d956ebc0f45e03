import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Cluster } from '../domain/environment/cluster.ts';
import type { Environment } from '../domain/environment/environment.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Release, ReleaseDatabase } from '../domain/release.ts';
import type { Stack } from '../domain/stack/stack.ts';
import type { ClusterPorts, Ports } from '../ports.ts';

/** What the deployment machine tells every step. */
export interface StepInput {
  readonly deploymentId: string;
  readonly stackName: string;
  readonly fence: number;
  /** Key of the database, for the steps that run once per database. */
  readonly database?: string | undefined;
}

export interface WaitingInput extends StepInput {
  readonly taskToken: string;
}

/** The records that a step works on, read at its start. */
export interface Standing {
  readonly input: StepInput;
  readonly deployment: Deployment;
  readonly stack: Stack;
  readonly environment: Environment;
  readonly cluster: Cluster;
  readonly aws: ClusterPorts;
  /** Nobody can have called out or stored anything for the step yet, so that there is nothing to find. */
  readonly isFirstCall?: boolean;
}

/** Everything a step works on: the release, too, which is a document and takes longer to read than all records. */
export interface StepContext extends Standing {
  readonly release: Release;
}

export type ContextPorts = Pick<Ports, 'stacks' | 'deployments' | 'documents' | 'configuration' | 'inCluster'>;

/**
 * Reads what a step works on.
 * @throws StepFailure StaleFence when the stack is held by another claim, Cancelled when someone asked to end it.
 */
export const loadStep = async (ports: ContextPorts, input: StepInput): Promise<StepContext> =>
  uncancelled(await loadContext(ports, input));

/** The same for a step that has no use for the release. */
export const loadStanding = async (ports: Omit<ContextPorts, 'documents'>, input: StepInput): Promise<Standing> => {
  const held = await loadHeld(ports, input);
  return uncancelled({ input, ...held, ...(await loadPlace(ports, held.deployment)) });
};

const uncancelled = <Context extends Standing>(context: Context): Context => {
  if (context.deployment.cancelledBy) throw cancelledBy(context.deployment);
  return context;
};

/** What stops every step of a deployment that somebody asked to end. */
export const cancelledBy = ({ cancelledBy: actor }: Deployment): StepFailure =>
  new StepFailure({ code: 'Cancelled', message: `${actor} asked to end this deployment` });

/** The same for the steps that bring a deployment to its end, which a cancelled one needs too. */
export const loadContext = async (ports: ContextPorts, input: StepInput): Promise<StepContext> => {
  const held = await loadHeld(ports, input);
  const [release, place] = await Promise.all([getRelease(ports, held.deployment), loadPlace(ports, held.deployment)]);
  return { input, ...held, release, ...place };
};

/** The release that a deployment brings. */
export const getRelease = async (
  { documents }: Pick<Ports, 'documents'>,
  { release: hash }: Pick<Deployment, 'release'>,
): Promise<Release> => {
  const release = await documents.find<Release>(releaseKey(hash));
  if (!release) throw missing('release', hash);
  return release;
};

const loadHeld = async ({ stacks, deployments }: Pick<Ports, 'stacks' | 'deployments'>, input: StepInput) => {
  const [stack, deployment] = await Promise.all([stacks.find(input.stackName), deployments.find(input.deploymentId)]);
  if (!stack || !deployment) throw missing('deployment', input.deploymentId);
  assertHolds(stack, input);
  return { stack, deployment };
};

const loadPlace = async (
  { configuration, inCluster }: Pick<Ports, 'configuration' | 'inCluster'>,
  deployment: Deployment,
) => {
  const environment = await configuration.findEnvironment(deployment.environment);
  if (!environment) throw missing('environment', deployment.environment);
  const cluster = await configuration.findCluster(environment.clusterName);
  if (!cluster) throw missing('cluster', environment.clusterName);
  return { environment, cluster, aws: inCluster(cluster) };
};

/** The database that a step was started for. */
export const databaseOf = ({ release, input }: StepContext): ReleaseDatabase => {
  const database = release.databases.find(({ key }) => key === input.database);
  if (!database) throw missing('database of this release', input.database ?? '(none named)');
  return database;
};

export const releaseKey = (hash: string): string => `releases/${hash}.json`;

const assertHolds = (stack: Stack, { deploymentId, fence }: StepInput) => {
  const { current } = stack;
  if (current?.deploymentId === deploymentId && current.fence === fence) return;
  throw new StepFailure({
    code: 'StaleFence',
    message: `Stack ${stack.name} is held by ${current ? `${current.deploymentId} (fence ${current.fence})` : 'nobody'}, not by ${deploymentId} (fence ${fence})`,
    left: 'Nothing was changed by this step',
  });
};

const missing = (what: string, id: string) =>
  new StepFailure({
    code: 'RecordMissing',
    message: `The ${what} ${id} does not exist`,
    remedy: 'Apply the configuration again, or push again',
  });
