import { sameJson } from '../same-json.ts';
import { isRulePriority } from './listener-rule.ts';
import { type Parameter, rulePriorityRanges } from './template.ts';

export type PriorityParameter = Extract<Parameter, { kind: 'rulePriority' }>;

/** The parameter of a stack that a priority belongs to, whether its rule exists by now or not. */
export interface Reservation {
  readonly stack: string;
  readonly parameter: string;
  /** Of the claim that last asked for it. */
  readonly fence: number;
}

export interface ListenerRecord {
  readonly listenerArn: string;
  /** By priority; a parameter of a stack has one at the most. */
  readonly reservations: Readonly<Record<string, Reservation>>;
}

/** What a stack is about to need of one listener. */
export interface PriorityWish {
  readonly stack: string;
  /** The claim that asks. */
  readonly fence: number;
  readonly listenerArn: string;
  /** The rules that the release has on it. */
  readonly rules: readonly PriorityParameter[];
  /** The stack's parameters as they are. */
  readonly current: Readonly<Record<string, string>>;
  /** Priorities of the rules that exist; those of the stack's own are among them. */
  readonly used: readonly number[];
  /** For stacks that do not exist any more: free, unless they have asked again since. */
  readonly orphans?: readonly Reservation[];
}

export type PrioritiesReserved =
  | { readonly kind: 'moved' | 'repeated'; readonly record: ListenerRecord }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string;
      readonly record: ListenerRecord | undefined;
    };

/**
 * Reserves a priority for each rule: the one the stack has for it, else the one that is reserved for it, else the lowest
 * that neither a rule nor a reservation takes; in order of the parameters' names. What the stack has besides stays
 * reserved until it has it no more; the rest is free again. Every claim writes its fence, and an older one is refused.
 */
export const reservePriorities = (standing: ListenerRecord | undefined, wish: PriorityWish): PrioritiesReserved => {
  const { listenerArn, stack, fence, rules, used, orphans = [] } = wish;
  const before = standing ?? { listenerArn, reservations: {} };
  const newer = Object.values(before.reservations).find((each) => each.stack === stack && each.fence > fence);
  if (newer) return { kind: 'refused', code: 'StaleFence', reason: overtaken(newer, fence), record: standing };
  const others = Object.entries(before.reservations).filter(
    ([, each]) => each.stack !== stack && !orphans.some((one) => sameJson(one, each)),
  );
  const ofOthers = new Set(others.map(([priority]) => Number(priority)));
  const given = kept(wish, ofOthers, prioritiesOf(before, stack));
  const taken = new Set([...used, ...ofOthers, ...given.values()]);
  for (const rule of inOrder(rules)) {
    if (given.has(rule.name)) continue;
    const priority = lowestFree(rule, taken);
    if (priority === undefined)
      return { kind: 'refused', code: 'PrioritiesExhausted', reason: exhausted(rule), record: standing };
    taken.add(priority);
    given.set(rule.name, priority);
  }
  const mine = [...given].map(([parameter, priority]) => [String(priority), { stack, parameter, fence }] as const);
  const record = { listenerArn, reservations: Object.fromEntries([...others, ...mine]) };
  return { kind: sameJson(before, record) ? 'repeated' : 'moved', record };
};

/** The priorities that a stack has by the names of its parameters. */
export const prioritiesOf = ({ reservations }: ListenerRecord, stackName: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(reservations).flatMap(([priority, { stack, parameter }]) =>
      stack === stackName ? [[parameter, Number(priority)]] : [],
    ),
  );

/** What is reserved for other stacks and has no rule: not yet, or not any more. */
export const withoutRule = (
  record: ListenerRecord | undefined,
  { stack, used }: Pick<PriorityWish, 'stack' | 'used'>,
): readonly Reservation[] =>
  Object.entries(record?.reservations ?? {}).flatMap(([priority, reservation]) =>
    reservation.stack === stack || used.includes(Number(priority)) ? [] : [reservation],
  );

/** By parameter: what the stack has, then what is reserved for it. */
const kept = (
  { rules, used, listenerArn, current: parameters }: PriorityWish,
  ofOthers: ReadonlySet<number>,
  reserved: Readonly<Record<string, number>>,
): Map<string, number> => {
  const current = (parameters['ListenerARN'] ?? listenerArn) === listenerArn ? parameters : {};
  const given = new Map<string, number>();
  const taken = new Set(ofOthers);
  const give = (name: string, priority: number) => {
    if (!Number.isInteger(priority) || given.has(name) || taken.has(priority)) return;
    taken.add(priority);
    given.set(name, priority);
  };
  for (const { name, group } of inOrder(rules)) {
    const priority = Number(current[name]);
    if (isInRange(priority, group)) give(name, priority);
  }
  // A rule that the release leaves out exists until the update is through, and one that changes its group changes its
  // number in place: a rollback wants the old one back.
  const left = Object.keys(current).filter((name) => isRulePriority(name) && !rules.some((rule) => rule.name === name));
  for (const name of left.sort()) give(name, Number(current[name]));
  // The stack does not have it, so a rule that stands there is somebody else's.
  for (const { name, group } of inOrder(rules)) {
    const priority = reserved[name] ?? 0;
    if (isInRange(priority, group) && !used.includes(priority)) give(name, priority);
  }
  return given;
};

const inOrder = (rules: readonly PriorityParameter[]): readonly PriorityParameter[] =>
  [...rules].sort((a, b) => (a.name < b.name ? -1 : 1));

const isInRange = (priority: number, group: PriorityParameter['group']): boolean => {
  const [from, to] = rulePriorityRanges[group];
  return Number.isInteger(priority) && priority >= from && priority <= to;
};

const lowestFree = ({ group }: PriorityParameter, taken: ReadonlySet<number>): number | undefined => {
  const [from, to] = rulePriorityRanges[group];
  for (let priority = from; priority <= to; priority++) if (!taken.has(priority)) return priority;
  return undefined;
};

const exhausted = ({ group, listenerArn }: PriorityParameter): string => {
  const [from, to] = rulePriorityRanges[group];
  return `Listener ${listenerArn} has no free priority for routes of the group ${group}: ${from} to ${to} are taken`;
};

const overtaken = ({ stack, fence: newer }: Reservation, fence: number): string =>
  `Stack ${stack} has been claimed anew: claim ${newer} has asked for priorities, this is claim ${fence}`;
