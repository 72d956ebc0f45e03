import type { QueueEntry, Stack, StackEvent } from '../../functions/domain/stack/stack.ts';
import { namesDeployment } from '../../functions/domain/stack/stack.ts';
import type { DeploymentStore, StackStore, Written } from '../../functions/ports.ts';
import { aDeployment, identity, reason, someTime } from './records.ts';

export interface Stores {
  readonly stacks: StackStore;
  readonly deployments: DeploymentStore;
}

/** One thing that somebody does at any time, beside everybody else; ids are `d0`, `d1`, ... */
export type Action =
  | {
      readonly do: 'accept';
      readonly id: string;
      readonly branch: string;
      readonly fixForward: boolean;
      readonly supersede: boolean;
    }
  | { readonly do: 'dispatch' }
  | {
      readonly do: 'settle';
      readonly end: 'done' | 'unchanged' | 'changed' | 'terminated';
      readonly operatorNeeded: boolean;
    }
  | { readonly do: 'settle-stale'; readonly lag: number }
  | { readonly do: 'withdraw'; readonly id: string }
  | { readonly do: 'resume' };

const name = 'prod-shop';

/** The protocol of design.md, section 6, in small: every action may be repeated by anyone, after any lost answer. */
export const perform = (stores: Stores, action: Action): Promise<void> => {
  switch (action.do) {
    case 'accept':
      return accept(stores, action);
    case 'dispatch':
      return dispatch(stores);
    case 'settle':
      return settle(stores, action);
    case 'settle-stale':
      return settleStale(stores, action.lag);
    case 'withdraw':
      return withdraw(stores, action.id);
    case 'resume':
      return resume(stores);
  }
};

/** Runs until nothing is queued, held or unrecorded: if faults stop, every queue drains. */
export const drain = async (stores: Stores): Promise<Stack | undefined> => {
  for (let rounds = 0; rounds < 500; rounds++) {
    await recordSuperseded(stores);
    const stack = await stores.stacks.find(name);
    if (!stack || (!stack.current && stack.queue.length === 0 && !stack.superseded)) return stack;
    if (stack.current) await settle(stores, { end: 'done', operatorNeeded: false });
    else await (stack.status === 'BROKEN' ? resume(stores) : dispatch(stores));
  }
  throw new Error('the queue never drained');
};

const accept = async (stores: Stores, action: Extract<Action, { do: 'accept' }>): Promise<void> => {
  const { id, branch, fixForward, supersede } = action;
  await stores.deployments.create(aDeployment({ id }));
  for (;;) {
    const stack = await stores.stacks.find(name);
    const record = await stores.deployments.find(id);
    if (record?.status !== 'QUEUED' || (stack && namesDeployment(stack, id))) break;
    const entry = { deploymentId: id, acceptedAt: someTime, ...placeOf(branch) };
    const event = { type: 'Triggered', entry, fixForward, supersede, revision: stack?.revision ?? 0 } as const;
    const written = await stores.stacks.apply(name, event, identity);
    if (written.kind !== 'refused' || written.code !== 'MovedOn') break;
  }
  await recordSuperseded(stores);
};

const placeOf = (branch: string): Pick<QueueEntry, 'kind' | 'ref' | 'mustRun'> => {
  if (branch === 'must-run') return { kind: 'full', ref: 'main', mustRun: true };
  return { kind: branch === 'pinned' ? 'other' : 'full', ref: branch };
};

const recordSuperseded = async ({ stacks, deployments }: Stores): Promise<void> => {
  const superseded = (await stacks.find(name))?.superseded ?? [];
  if (superseded.length === 0) return;
  for (const { deploymentId, by } of superseded) await deployments.apply(deploymentId, { type: 'Superseded', by });
  const deploymentIds = superseded.map(({ deploymentId }) => deploymentId);
  await stacks.apply(name, { type: 'SupersedingRecorded', deploymentIds });
};

const dispatch = async ({ stacks, deployments }: Stores): Promise<void> => {
  const stack = await stacks.find(name);
  const deploymentId = stack?.queue[0]?.deploymentId;
  if (!stack || stack.current || !deploymentId) return;
  const record = await deployments.find(deploymentId);
  if (record?.status !== 'QUEUED') {
    await stacks.apply(name, { type: 'Withdrawn', deploymentId });
    return;
  }
  const claimed = await stacks.apply(name, { type: 'Claimed', deploymentId });
  const fence = claimed.record?.current?.fence;
  if (claimed.kind !== 'refused' && fence) await deployments.apply(deploymentId, { type: 'Triggered', fence });
};

type Settling = Omit<Extract<Action, { do: 'settle' }>, 'do'>;

/** First the record's own end, then the stack; a record that ended before its run is settled without one. */
const settle = async ({ stacks, deployments }: Stores, { end, operatorNeeded }: Settling): Promise<void> => {
  const stack = await stacks.find(name);
  if (!stack?.current) return;
  const { deploymentId, fence } = stack.current;
  await deployments.apply(deploymentId, { type: 'Triggered', fence });
  for (const event of run(end)) await deployments.apply(deploymentId, event);
  const record = await deployments.find(deploymentId);
  const holder = { deploymentId, fence };
  const left =
    end === 'changed'
      ? ({ kind: 'changed', what: ['half'], operatorNeeded } as const)
      : ({ kind: 'unchanged' } as const);
  const event: StackEvent =
    record?.status === 'DONE'
      ? { type: 'DeploymentCompleted', ...holder, release: deploymentId }
      : { type: record?.status === 'FAILED' ? 'DeploymentFailed' : 'DeploymentTerminated', ...holder, reason, left };
  await stacks.apply(name, event);
};

const run = (end: Settling['end']) => {
  if (end === 'terminated') return [{ type: 'Terminated', reason }] as const;
  if (end !== 'done') return [{ type: 'Failed', reason }] as const;
  return [
    { type: 'StackWaitStarted', executionArn: 'arn' },
    { type: 'StackFound' },
    { type: 'PlanStarted' },
    { type: 'Completed' },
  ] as const;
};

/** An execution that was believed dead comes back with an old fence, or a fence with another deployment's name. */
const settleStale = async ({ stacks }: Stores, lag: number): Promise<void> => {
  const stack = await stacks.find(name);
  if (!stack) return;
  const stale = {
    deploymentId: lag === 0 ? 'nobody' : (stack.current?.deploymentId ?? 'd0'),
    fence: stack.fence - lag,
  };
  await stacks.apply(name, { type: 'CountsRead', ...stale, counts: { web: 99 } });
  await stacks.apply(name, { type: 'DeploymentCompleted', ...stale, release: 'stale' });
};

const withdraw = async ({ stacks, deployments }: Stores, deploymentId: string): Promise<void> => {
  const record = await deployments.find(deploymentId);
  if (record?.status !== 'QUEUED' && record?.status !== 'TERMINATED') return;
  if (record.status === 'QUEUED') await deployments.apply(deploymentId, { type: 'Terminated', reason });
  await stacks.apply(name, { type: 'Withdrawn', deploymentId });
};

const resume = async ({ stacks }: Stores): Promise<void> => {
  const stack = await stacks.find(name);
  if (stack?.status === 'BROKEN') await stacks.apply(name, { type: 'Resumed', actor: 'alice' });
};

export interface Move {
  readonly event: StackEvent;
  readonly record: Stack;
}

/** Keeps every move that the store made, also those whose answer gets lost afterwards. */
export const watched = (stacks: StackStore, moves: Move[]): StackStore => ({
  ...stacks,
  apply: async (stackName, event, known) => {
    const written: Written<Stack> = await stacks.apply(stackName, event, known);
    if (written.kind === 'moved') moves.push({ event, record: written.record });
    return written;
  },
});
