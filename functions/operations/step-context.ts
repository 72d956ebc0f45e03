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

/** Everything a step works on, read at its start. */
export interface StepContext {
  readonly input: StepInput;
  readonly deployment: Deployment;
  readonly stack: Stack;
  readonly release: Release;
  readonly environment: Environment;
  readonly cluster: Cluster;
  readonly aws: ClusterPorts;
  /** Nobody can have called out under the step's token yet, so that there is nothing to find under it. */
  readonly isFirstCall?: boolean;
}

export type ContextPorts = Pick<Ports, 'stacks' | 'deployments' | 'documents' | 'configuration' | 'inCluster'>;

/**
 * Reads what a step works on.
 * @throws StepFailure StaleFence when the stack is held by another claim, Cancelled when someone asked to end it.
 */
export const loadStep = async (ports: ContextPorts, input: StepInput): Promise<StepContext> => {
  const context = await loadContext(ports, input);
  if (context.deployment.cancelledBy) throw cancelledBy(context.deployment);
  return context;
};

/** What stops every step of a deployment that somebody asked to end. */
export const cancelledBy = ({ cancelledBy: actor }: Deployment): StepFailure =>
  new StepFailure({ code: 'Cancelled', message: `${actor} asked to end this deployment` });

/** The same for the steps that bring a deployment to its end, which a cancelled one needs too. */
export const loadContext = async (ports: ContextPorts, input: StepInput): Promise<StepContext> => {
  const [stack, deployment] = await Promise.all([
    ports.stacks.find(input.stackName),
    ports.deployments.find(input.deploymentId),
  ]);
  if (!stack || !deployment) throw missing('deployment', input.deploymentId);
  assertHolds(stack, input);
  const [release, environment] = await Promise.all([
    ports.documents.find<Release>(releaseKey(deployment.release)),
    ports.configuration.findEnvironment(deployment.environment),
  ]);
  if (!release) throw missing('release', deployment.release);
  if (!environment) throw missing('environment', deployment.environment);
  const cluster = await ports.configuration.findCluster(environment.clusterName);
  if (!cluster) throw missing('cluster', environment.clusterName);
  return { input, deployment, stack, release, environment, cluster, aws: ports.inCluster(cluster) };
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
