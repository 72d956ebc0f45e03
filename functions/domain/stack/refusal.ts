import type { QueueEntry, Stack, StackEvent, StackIdentity } from './stack.ts';

/** Fixed names of the refusals; callers decide by them, people read the reason. */
export type StackRefusalCode =
  /** There is no such stack, and this event does not make one. */
  | 'NoSuchStack'
  /** The status does not take this event. */
  | 'StatusRefuses'
  /** The stack was written since the caller read it: read again, then decide again. */
  | 'MovedOn'
  /** The deployment ends REJECTED. */
  | 'QueueFull'
  /** Another application has the stack of this name. The deployment ends REJECTED. */
  | 'NameTaken'
  /** Another deployment holds the stack. */
  | 'Held'
  /** Another one is the head of the queue. */
  | 'NotNext'
  | 'NotQueued'
  /** It runs: end it by cancelling, not by withdrawing. */
  | 'Running'
  /** Not the holder, or not the holder any more. */
  | 'StaleFence';

export interface StackRefusal {
  readonly kind: 'refused';
  readonly code: StackRefusalCode;
  /** For an operator: what happened, how the stack stands, what to do. */
  readonly reason: string;
}

export const refused = (code: StackRefusalCode, reason: string): StackRefusal => ({ kind: 'refused', code, reason });

export const noSuchStack = (name: string | undefined, { type }: StackEvent): StackRefusal =>
  refused(
    'NoSuchStack',
    `There is no stack${name ? ` ${name}` : ''} for ${type}: a stack begins with the first deployment that is accepted for it`,
  );

export const statusRefuses = (stack: Stack, { type }: StackEvent): StackRefusal =>
  refused('StatusRefuses', `Stack ${stack.name} is ${stack.status} and does not take ${type}. ${situationOf(stack)}`);

export const movedOn = ({ name, revision }: Stack, seen: number): StackRefusal =>
  refused('MovedOn', `Stack ${name} has moved from revision ${seen} to ${revision} since it was read: read it again`);

export const queueFull = ({ name }: Stack, cap: number): StackRefusal =>
  refused(
    'QueueFull',
    `The queue of stack ${name} holds ${cap} deployments, the most it takes. Nothing was changed; withdraw some of them, or ask again when it is shorter`,
  );

export const nameTaken = ({ name, environment, application }: Stack, asked: StackIdentity): StackRefusal =>
  refused(
    'NameTaken',
    `The stack ${name} belongs to ${application} in ${environment}, and ${asked.application} in ${asked.environment} would have the same name. Nothing was changed; rename one of them`,
  );

export const held = (stack: Stack): StackRefusal =>
  refused('Held', `Stack ${stack.name} cannot be claimed: ${holderOf(stack)}`);

export const notClaimable = ({ name, queue }: Stack, deploymentId: string): StackRefusal => {
  const [head] = queue;
  if (queue.some((entry) => entry.deploymentId === deploymentId))
    return refused('NotNext', `Stack ${name} runs ${idOf(head)} next; ${deploymentId} has to wait for its turn`);
  return refused(
    'NotQueued',
    `Deployment ${deploymentId} is not in the queue of stack ${name}${head ? `, whose next is ${idOf(head)}` : ', which is empty'}`,
  );
};

export const running = ({ name }: Stack, deploymentId: string): StackRefusal =>
  refused(
    'Running',
    `Deployment ${deploymentId} holds stack ${name} and cannot be withdrawn. It goes on; cancel it to bring it to rest`,
  );

export const staleFence = (
  stack: Stack,
  { deploymentId, fence }: { deploymentId: string; fence: number },
): StackRefusal =>
  refused(
    'StaleFence',
    `Deployment ${deploymentId} (fence ${fence}) does not hold stack ${stack.name}: ${holderOf(stack)}. Nothing was changed`,
  );

const situationOf = (stack: Stack): string => {
  const { status, broken, queue } = stack;
  const next = queue.length === 0 ? 'nothing is queued' : `next in its queue is ${idOf(queue[0])}`;
  if (status === 'BROKEN' && broken)
    return `Deployment ${broken.deploymentId} broke it (${broken.reason.code}: ${broken.reason.message}); its queue waits until an operator resumes it or, where the environment fixes forward, a new push arrives`;
  if (status === 'AVAILABLE') return 'Nothing is queued and nothing runs';
  return `It is ${holderOf(stack)}, and ${next}`;
};

const holderOf = ({ current }: Stack): string =>
  current ? `held by ${current.deploymentId} (fence ${current.fence})` : 'held by nobody';

const idOf = (entry: QueueEntry | undefined): string => entry?.deploymentId ?? 'nothing';
