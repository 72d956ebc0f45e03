import { without } from '../without.ts';
import { append, type Joined, newestFirst, QUEUE_CAP, supersedeOlder } from './queue.ts';
import { held, movedOn, notClaimable, queueFull, running, type StackRefusal, staleFence } from './refusal.ts';
import { settle } from './settle.ts';
import type { Stack, StackEvent } from './stack.ts';

/** What an event changes besides the status; `choice` names the case where the table's cell knows several. */
export interface Change {
  readonly kind: 'change';
  readonly stack: Stack;
  readonly choice?: string;
}

export type EventOf<Type extends StackEvent['type']> = Extract<StackEvent, { type: Type }>;

/** The data side of a transition that the table allows: guards by holder, queue and revision. */
export const changeOf = (stack: Stack, event: StackEvent): Change | StackRefusal => {
  switch (event.type) {
    case 'Triggered':
      return triggered(stack, event);
    case 'Claimed':
      return claimed(stack, event);
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
    case 'DeploymentTerminated':
      return holds(stack, event) ? settle(stack, event) : staleFence(stack, event);
    case 'Withdrawn':
      return withdrawn(stack, event);
    case 'CountsRead':
      return holds(stack, event) ? countsRead(stack, event) : staleFence(stack, event);
    case 'Resumed':
      return resumed(stack, event);
    case 'SupersedingRecorded':
      return superseding(stack, event);
  }
};

const holds = ({ current }: Stack, { deploymentId, fence }: { deploymentId: string; fence: number }): boolean =>
  current?.deploymentId === deploymentId && current.fence === fence;

const triggered = (stack: Stack, event: EventOf<'Triggered'>): Change | StackRefusal => {
  const { entry, supersede, revision } = event;
  if (revision !== undefined && revision !== stack.revision) return movedOn(stack, revision);
  if (mayFixForward(stack, event)) {
    const fix = newestFirst([...stack.queue, entry], entry.ref);
    if (fix.queue[0] === entry) return { kind: 'change', stack: joined(stack, fix), choice: 'fixesForward' };
  }
  const join = (supersede ? supersedeOlder : append)(stack.queue, entry);
  if (join.queue.length > QUEUE_CAP) return queueFull(stack, QUEUE_CAP);
  return { kind: 'change', stack: joined(stack, join), choice: 'queues' };
};

/** A fix is a push: a full deployment of a branch. */
const mayFixForward = ({ status, broken }: Stack, { fixForward, entry }: EventOf<'Triggered'>): boolean =>
  status === 'BROKEN' && fixForward && !broken?.operatorNeeded && entry.kind === 'full' && entry.ref !== undefined;

const claimed = (stack: Stack, { deploymentId }: EventOf<'Claimed'>): Change | StackRefusal => {
  if (stack.current) return held(stack);
  const [head, ...queue] = stack.queue;
  if (head?.deploymentId !== deploymentId) return notClaimable(stack, deploymentId);
  const fence = stack.fence + 1;
  const down = Object.keys(stack.counts).length > 0 && { countsBefore: stack.counts };
  return { kind: 'change', stack: { ...stack, queue, fence, current: { deploymentId, fence, ...down } } };
};

const withdrawn = (stack: Stack, { deploymentId }: EventOf<'Withdrawn'>): Change | StackRefusal => {
  const { current, broken } = stack;
  if (current?.deploymentId === deploymentId) return running(stack, deploymentId);
  const queue = stack.queue.filter((entry) => entry.deploymentId !== deploymentId);
  const change = (choice: string): Change => ({ kind: 'change', stack: { ...stack, queue }, choice });
  if (current) return change('othersRemain');
  // On a broken stack that is free, the head of the queue is the fix that was to run.
  if (broken && stack.queue[0]?.deploymentId === deploymentId) return change('fixWithdrawn');
  return change(queue.length === 0 ? 'nothingRemains' : 'othersRemain');
};

/** A 0 that is read back after a downtime set it never replaces the count from before. */
const countsRead = (stack: Stack, event: EventOf<'CountsRead'>): Change => {
  const counts = { ...stack.counts };
  for (const [runtime, count] of Object.entries(event.counts)) counts[runtime] = count || (counts[runtime] ?? 0);
  return { kind: 'change', stack: { ...stack, counts } };
};

const resumed = (stack: Stack, { actor }: EventOf<'Resumed'>): Change => {
  const [head] = stack.queue;
  const next = newestFirst(stack.queue, head?.ref);
  return { kind: 'change', stack: { ...without(joined(stack, next), 'broken'), resumed: { actor } } };
};

const superseding = (stack: Stack, { deploymentIds }: EventOf<'SupersedingRecorded'>): Change => {
  const superseded = (stack.superseded ?? []).filter(({ deploymentId }) => !deploymentIds.includes(deploymentId));
  const rest = without(stack, 'superseded');
  return { kind: 'change', stack: superseded.length === 0 ? rest : { ...rest, superseded } };
};

const joined = (stack: Stack, { queue, superseded }: Joined): Stack => ({
  ...stack,
  queue,
  ...(superseded.length > 0 && { superseded: [...(stack.superseded ?? []), ...superseded] }),
});
