import type { Deployment } from '../deployment/deployment.ts';
import { stepsInOrder } from '../deployment/steps.ts';
import type { Stack } from './stack.ts';

/** A deployment that cannot go on by itself, and what it waits for. */
export interface Blocked {
  readonly deploymentId: string;
  readonly by: Blocker;
}

export type Blocker =
  /** The one that holds the stack, at these steps. */
  | { readonly kind: 'holder'; readonly deploymentId: string; readonly at: readonly ActiveStep[] }
  /** The one before it in the queue. */
  | { readonly kind: 'turn'; readonly deploymentId: string }
  /** A person has to sign the plan of this one. */
  | { readonly kind: 'approval'; readonly deploymentId: string }
  /** A person, or a fix, has to free the stack. */
  | { readonly kind: 'broken-stack'; readonly stackName: string; readonly operatorNeeded: boolean }
  /** Somebody else moves the CloudFormation stack. */
  | { readonly kind: 'moving-stack'; readonly stackName: string }
  /** Nobody: it is about to be started, by the sweeper at the latest. */
  | { readonly kind: 'dispatch' };

export interface ActiveStep {
  readonly name: string;
  readonly since?: string;
}

/** What blocks what on a stack: its holder first, then its queue in order. */
export const blocked = (stack: Stack, holder: Deployment | undefined): readonly Blocked[] => [
  ...(holder ? holderBlocked(stack, holder) : []),
  ...stack.queue.map(({ deploymentId }, place) => {
    const before = stack.queue[place - 1];
    const by: Blocker = before ? { kind: 'turn', deploymentId: before.deploymentId } : firstBlocker(stack, holder);
    return { deploymentId, by };
  }),
];

/** Steps that a deployment is at, as they began. */
export const activeSteps = ({ steps }: Pick<Deployment, 'steps'>): readonly ActiveStep[] =>
  stepsInOrder(steps)
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ name, startedAt }) => ({ name, ...(startedAt && { since: startedAt }) }));

/** A person is asked to sign its plan. */
export const isAsking = (deployment: Deployment): boolean =>
  !deployment.cancelledBy && deployment.steps['AwaitApproval']?.status === 'ACTIVE';

const holderBlocked = ({ name }: Stack, holder: Deployment): readonly Blocked[] => {
  const { id, steps } = holder;
  if (isAsking(holder)) return [{ deploymentId: id, by: { kind: 'approval', deploymentId: id } }];
  return steps['StackWait']?.status === 'ACTIVE'
    ? [{ deploymentId: id, by: { kind: 'moving-stack', stackName: name } }]
    : [];
};

const firstBlocker = (stack: Stack, holder: Deployment | undefined): Blocker => {
  const { name, status, current, broken } = stack;
  if (holder && isAsking(holder)) return { kind: 'approval', deploymentId: holder.id };
  if (current) return { kind: 'holder', deploymentId: current.deploymentId, at: holder ? activeSteps(holder) : [] };
  if (status === 'BROKEN')
    return { kind: 'broken-stack', stackName: name, operatorNeeded: broken?.operatorNeeded ?? false };
  return { kind: 'dispatch' };
};
