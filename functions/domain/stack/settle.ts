import { without } from '../without.ts';
import type { Change, EventOf } from './change.ts';
import type { Stack } from './stack.ts';

type End = EventOf<'DeploymentCompleted' | 'DeploymentFailed' | 'DeploymentTerminated'>;

/** The holder lets go. What it leaves decides whether the stack is at rest or BROKEN. */
export const settle = (stack: Stack, event: End): Change => {
  const { type, deploymentId, fence } = event;
  const freed: Stack = { ...without(stack, 'current', 'resumed'), settled: { deploymentId, fence, event: type } };
  if (type === 'DeploymentCompleted') {
    const { release, keepsCounts } = event;
    const counts = keepsCounts ? stack.counts : {};
    return { kind: 'change', stack: { ...without(freed, 'broken'), ...(release && { release }), counts } };
  }
  const { left, reason } = event;
  if (left.kind === 'changed') {
    const broken = { deploymentId, reason, left: left.what, operatorNeeded: left.operatorNeeded };
    return { kind: 'change', stack: { ...freed, broken }, choice: 'changed' };
  }
  // The world is as it was before this deployment: sound, or as broken as what it was to fix.
  if (stack.broken) return { kind: 'change', stack: freed, choice: 'notFixed' };
  return { kind: 'change', stack: { ...freed, counts: stack.current?.countsBefore ?? {} }, choice: 'unchanged' };
};
