import type { Callback } from '../domain/callback.ts';
import { type Delays, delaysOf } from '../domain/deployment/delays.ts';
import { type Deployment, isEnded } from '../domain/deployment/deployment.ts';
import { namesDeployment, type Stack } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { cancelWaits } from './cancel-waits.ts';
import { type LookPorts, look } from './complete-callback.ts';
import { type DispatchPorts, dispatchStack } from './dispatch-stack.ts';
import { type EnqueuePorts, enqueue } from './enqueue.ts';
import { settleDeployment } from './settle-deployment.ts';
import { type Holder, standingOf, startAtRest } from './start-execution.ts';
import { withdrawDeployment } from './withdraw-deployment.ts';

export type SweepPorts = LookPorts & DispatchPorts & EnqueuePorts & Pick<Ports, 'events'>;

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
  const callbacks = await ports.callbacks.listOpen();
  const deployments = await ports.deployments.listOpen();
  const jobs: (() => Promise<boolean>)[] = [
    ...ours(callbacks).map((callback) => () => repairCallback(ports, callback)),
    ...(await ports.stacks.listBusy())
      .filter(({ name }) => !stackName || name === stackName)
      .map((stack) => () => repairStack(ports, stack)),
    ...ours(deployments).map((deployment) => () => repairDeployment(ports, deployment)),
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
  measureDelays(ports, delaysOf(deployments, callbacks, ports.clock.now().getTime()));
  return { repairs };
};

const measureDelays = ({ log }: Pick<Ports, 'log'>, { queueSeconds, standstillSeconds }: Delays) => {
  if (queueSeconds !== undefined) log.measure('QueueSeconds', queueSeconds);
  if (standstillSeconds !== undefined) log.measure('StandstillSeconds', standstillSeconds);
};

const repairCallback = async (ports: SweepPorts, callback: Callback): Promise<boolean> => {
  const age = ports.clock.now().getTime() - Date.parse(callback.touchedAt);
  if (callback.status !== 'INTENDED') return (await look(ports, callback)) === 'ended';
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
  const deployment = await ports.deployments.find(stack.current.deploymentId);
  return deployment ? repairHolder(ports, { deployment, fence: stack.current.fence }) : false;
};

/** The holder is dead only when its executions say so: then it is brought to rest, or only let go if its end is written. */
const repairHolder = async (ports: SweepPorts, holder: Holder): Promise<boolean> => {
  const { deployment, fence } = holder;
  const { id: deploymentId, stackName, executionArn, status } = deployment;
  const ended = isEnded(status);
  if (!executionArn && !ended) return (await dispatchStack(ports, { stackName })).outcome === 'STARTED';
  const standing = executionArn && (await standingOf(ports, holder, executionArn));
  if (standing === 'runs') return false;
  if (standing && !ended) return startAtRest(ports, holder, standing.nextRest);
  await settleDeployment(ports, { deploymentId, stackName, fence, end: status === 'DONE' ? 'DONE' : 'FAILED' });
  return true;
};

/** Cancelled, but its end is not on its way; or accepted, but in no queue: a crash came in between. */
const repairDeployment = async (ports: SweepPorts, hint: Deployment): Promise<boolean> => {
  const stack = await ports.stacks.find(hint.stackName);
  const deployment = await ports.deployments.find(hint.id);
  if (deployment?.cancelledBy && !isEnded(deployment.status)) return repairCancelled(ports, deployment);
  if (deployment?.status !== 'QUEUED') return false;
  const age = ports.clock.now().getTime() - Date.parse(deployment.createdAt);
  if ((stack && namesDeployment(stack, hint.id)) || age < ABANDONED_AFTER_MILLIS) return false;
  const queued = await enqueue(ports, deployment);
  if (queued.kind !== 'moved') return queued.kind === 'refused' && queued.code === 'Overtaken';
  await dispatchStack(ports, { stackName: deployment.stackName });
  return true;
};

const repairCancelled = async (ports: SweepPorts, deployment: Deployment): Promise<boolean> => {
  if (deployment.status !== 'QUEUED') return cancelWaits(ports, deployment);
  await withdrawDeployment(ports, deployment);
  await dispatchStack(ports, deployment);
  return true;
};
