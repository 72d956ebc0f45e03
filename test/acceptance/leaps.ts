import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { isAtRest } from '../../functions/domain/cloudformation-status.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { isEnded } from '../../functions/domain/deployment/deployment.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';

type Cloud = TestSlipway['cloud'];

const STACK = 'dev-shop';
const MINUTE_MILLIS = 60_000;

/** Longer than the one look that a function takes after its call. */
const QUIET_MILLIS = 400;

export interface EndedByLeaps {
  readonly deployment: Deployment;
  readonly leaps: number;
}

/**
 * The end of a commit's deployment, by nothing but the sweeper where an event is missing: whenever the outside has come to
 * rest and the deployment still waits, a minute is leapt over.
 */
export const endedByLeaps = async (slipway: TestSlipway, commit: string): Promise<EndedByLeaps> => {
  let leaps = 0;
  const deployment = await until(`the end of ${commit}, after ${leaps} leaps`, async () => {
    const [found] = (await slipway.ports.deployments.listOfStack(STACK, 20)).filter(
      ({ version }) => version === commit,
    );
    if (found && isEnded(found.status)) return found;
    const before = JSON.stringify(found);
    if (!(await waitsInVain(slipway))) return undefined;
    await sleep(QUIET_MILLIS);
    const now = JSON.stringify(found && (await slipway.ports.deployments.find(found.id)));
    if (now !== before || !(await waitsInVain(slipway))) return undefined;
    leaps += 1;
    await slipway.clock.advance(MINUTE_MILLIS);
    return undefined;
  });
  return { deployment, leaps };
};

/** Something waits, although nothing outside moves any more. */
const waitsInVain = async (slipway: TestSlipway): Promise<boolean> => {
  const open = await slipway.ports.callbacks.listOpen();
  const { Stacks: [stack] = [] } = await cloudFormation(slipway.cloud)
    .send(new DescribeStacksCommand({ StackName: STACK }))
    .catch(() => ({ Stacks: [] }));
  if (stack && !isAtRest(stack.StackStatus ?? '')) return false;
  const moving = (await tasksOf(slipway.cloud)).filter(
    ({ lastStatus, desiredStatus, startedBy }) =>
      lastStatus !== desiredStatus || open.some(({ token }) => token === startedBy && lastStatus !== 'STOPPED'),
  );
  // Before its call is made, a step waits for its own function, or for another try of it.
  return open.length > 0 && moving.length === 0 && open.every(({ status }) => status !== 'INTENDED');
};

const cloudFormation = (cloud: Cloud) => new CloudFormationClient(clientSettings(cloud));

/** Tasks of the cluster, those that stopped within the hour too. */
export const tasksOf = async (cloud: Cloud): Promise<readonly Task[]> => {
  const client = new ECSClient(clientSettings(cloud));
  const arns: string[] = [];
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const)
    arns.push(...((await client.send(new ListTasksCommand({ cluster: 'local', desiredStatus }))).taskArns ?? []));
  if (arns.length === 0) return [];
  return (await client.send(new DescribeTasksCommand({ cluster: 'local', tasks: arns.slice(0, 100) }))).tasks ?? [];
};

/** Those that a PGMigrate started, by the outward token that started them. */
export const migrationsOf = async (cloud: Cloud): Promise<readonly Task[]> =>
  (await tasksOf(cloud)).filter(({ group }) => group === 'family:dev-shop-migrate-main');

/** Outward tokens of the operations that CloudFormation began on the stack, oldest first, each as often as it began. */
export const operationsOf = async (cloud: Cloud): Promise<readonly string[]> => {
  const { StackEvents = [] } = await cloudFormation(cloud).send(new DescribeStackEventsCommand({ StackName: STACK }));
  return StackEvents.filter(
    ({ PhysicalResourceId, StackId, ResourceStatus = '' }) =>
      PhysicalResourceId === StackId && ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'].includes(ResourceStatus),
  )
    .map(({ ClientRequestToken = '' }) => ClientRequestToken)
    .reverse();
};

/** Every line of the log groups whose name fits. */
export const logLines = async (cloud: Cloud, fits: RegExp): Promise<readonly string[]> => {
  const client = new CloudWatchLogsClient(clientSettings(cloud));
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  const lines: string[] = [];
  for (const { logGroupName = '' } of logGroups.filter((group) => fits.test(group.logGroupName ?? '')))
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
      lines.push(...events.map(({ message = '' }) => message));
  return lines;
};

/** Migrations that dbmate says it applied, each as often as it says so. */
export const appliedMigrations = async (cloud: Cloud): Promise<readonly string[]> =>
  (await logLines(cloud, /^ecs\/dev\/shop\//)).flatMap((line) => /Applied: (\d+)/.exec(line)?.[1] ?? []);

/** What the sweeper's metric has come to. */
export const sweeperRepairs = async (cloud: Cloud): Promise<number> =>
  (await logLines(cloud, /Sweep/))
    .flatMap((line) => Number(/"SweeperRepairs":(\d+)/.exec(line)?.[1] ?? 0))
    .reduce((sum, repairs) => sum + repairs, 0);
