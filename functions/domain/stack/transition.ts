import { type Transitions, targetOf } from '../transitions.ts';
import { changeOf } from './change.ts';
import { nameTaken, noSuchStack, type StackRefusal, statusRefuses } from './refusal.ts';
import { repeats } from './repeats.ts';
import type { Stack, StackEvent, StackIdentity, StackStatus } from './stack.ts';
import { stackTransitions } from './transitions.ts';

export type StackTransition =
  | { readonly kind: 'moved'; readonly stack: Stack }
  /** The stack shows this event's own effect already: a retry, whose first answer was lost. */
  | { readonly kind: 'repeated'; readonly stack: Stack }
  | StackRefusal;

/**
 * The stack after an event, or why not. Pure; the status comes from the transition table alone. `identity` lets the
 * first Triggered create the stack. Deployments that were superseded stand in `superseded` until SupersedingRecorded.
 */
export const transition = (stack: Stack | undefined, event: StackEvent, identity?: StackIdentity): StackTransition => {
  const before = stack ?? (event.type === 'Triggered' && identity ? emptyStack(identity) : undefined);
  if (!before) return noSuchStack(identity?.name, event);
  if (identity && isOfOthers(before, identity)) return nameTaken(before, identity);
  if (repeats(before, event)) return { kind: 'repeated', stack: before };
  const from = stack ? stack.status : 'NONE';
  if (table[from][event.type] === undefined) return statusRefuses(before, event);
  const change = changeOf(before, event);
  if (change.kind === 'refused') return change;
  const to = targetOf(table, from, event.type, change.choice);
  const status = to === 'STABLE' ? throughStable(change.stack) : to;
  return { kind: 'moved', stack: { ...change.stack, status: status ?? before.status, revision: before.revision + 1 } };
};

/** Names are joined with a dash that may stand in each of them: `eu` and `prod-shop` make the name of `eu-prod` and `shop`. */
const isOfOthers = ({ environment, application }: Stack, identity: StackIdentity): boolean =>
  environment !== identity.environment || application !== identity.application;

const table: Transitions<StackStatus, StackEvent['type'] | 'Settled'> = stackTransitions;

/** STABLE is never stored: what is queued decides at once where it leads. */
const throughStable = ({ queue }: Stack): StackStatus | undefined =>
  targetOf(table, 'STABLE', 'Settled', queue.length === 0 ? 'nothingQueued' : 'popsFromQueue');

const emptyStack = (identity: StackIdentity): Stack => ({
  ...identity,
  status: 'CREATING',
  fence: 0,
  queue: [],
  counts: {},
  revision: 0,
});
