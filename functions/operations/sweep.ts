import type { Callback } from '../domain/callback.ts';
import { type Deployment, isEnded } from '../domain/deployment/deployment.ts';
import { namesDeployment, type Stack } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { type LookPorts, look } from './complete-callback.ts';
import { type DispatchPorts, dispatchStack } from './dispatch-stack.ts';
import { enqueue } from './enqueue.ts';
import { settleDeployment } from './settle-deployment.ts';
import { restName, startAtRest } from './start-execution.ts';

export type SweepPorts = LookPorts & DispatchPorts & Pick<Ports, 'events'>;

/** Longer than any function that changes things may run (60 s), so that nobody is still at it. */
const ABANDONED_AFTER_MILLIS = 90_000;

/**
 * The one repair path: ends what an event lost, settles executions that ended without us, dispatches free stacks, and
 * enqueues what a crash left outside. Each repair is counted; one that fails does not keep the others from being made.
 */
export const sweep = async (
  ports: SweepPorts,
  event: { readonly stackName?: string | undefined } = {},
): Promise<{ repairs: number }> => {
  const { stackName } = event;
  const ours = <T extends { readonly stackName: string }>(records: readonly T[]): readonly T[] =>
    records.filter((record) => !stackName || record.stackName === stackName);
  const jobs: (() => Promise<boolean>)[] = [
    ...ours(await ports.callbacks.listOpen()).map((callback) => () => repairCallback(ports, callback)),
    ...(await ports.stacks.listBusy())
      .filter(({ name }) => !stackName || name === stackName)
      .map((stack) => () => repairStack(ports, stack)),
    ...ours(await ports.deployments.listOpen()).map((deployment) => () => repairDeployment(ports, deployment)),
  ];
  let repairs = 0;
  for (const job of jobs) {
    const repaired = await job().catch((error: unknown) => {
      ports.log.error('SweepFailed', { error: String(error) });
      return false;
    });
    if (repaired) repairs += 1;
  }
  ports.log.count('SweeperRepairs', repairs);
  return { repairs };
};

const repairCallback = async (ports: SweepPorts, callback: Callback): Promise<boolean> => {
  const age = ports.clock.now().getTime() - Date.parse(callback.touchedAt);
  if (callback.status === 'CALLED') return look(ports, callback);
  if (age < ABANDONED_AFTER_MILLIS) return false;
  // Never completed: nobody knows whether the call was made. The state machine repeats it under the same token.
  return ports.machines.fail(
    callback.taskToken,
    'Interrupted',
    `${callback.step} was interrupted before its call was known to be made`,
  );
};

const repairStack = async (ports: SweepPorts, hint: Stack): Promise<boolean> => {
  const stack = await ports.stacks.find(hint.name);
  if (!stack?.current)
    return stack ? (await dispatchStack(ports, { stackName: stack.name })).outcome === 'STARTED' : false;
  const { deploymentId, fence } = stack.current;
  const deployment = await ports.deployments.find(deploymentId);
  if (!deployment?.executionArn && !(deployment && isEnded(deployment.status)))
    return (await dispatchStack(ports, { stackName: stack.name })).outcome === 'STARTED';
  if (deployment && (await stillRuns(ports, deployment, fence))) return false;
  if (deployment && isEnded(deployment.status)) {
    const end = deployment.status === 'DONE' ? 'DONE' : 'FAILED';
    await settleDeployment(ports, { deploymentId, stackName: stack.name, fence, end });
    return true;
  }
  return deployment ? startAtRest(ports, { deployment, fence }) : false;
};

const stillRuns = async ({ machines }: Pick<Ports, 'machines'>, deployment: Deployment, fence: number) => {
  const { executionArn } = deployment;
  if (!executionArn) return false;
  const atRest = executionArn.replace(/[^:]+$/, restName({ deployment, fence }));
  const found = await Promise.all([machines.find(executionArn), machines.find(atRest)]);
  return found.some((execution) => execution?.status === 'RUNNING');
};

/** Accepted, but in no queue: a crash came between the record and its entry. */
const repairDeployment = async (ports: SweepPorts, hint: Deployment): Promise<boolean> => {
  const stack = await ports.stacks.find(hint.stackName);
  const deployment = await ports.deployments.find(hint.id);
  if (deployment?.status !== 'QUEUED') return false;
  const age = ports.clock.now().getTime() - Date.parse(deployment.createdAt);
  if ((stack && namesDeployment(stack, hint.id)) || age < ABANDONED_AFTER_MILLIS) return false;
  return (await enqueue(ports, deployment)).kind === 'moved';
};
