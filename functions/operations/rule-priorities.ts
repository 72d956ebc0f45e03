import type { Cluster } from '../domain/environment/cluster.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Release } from '../domain/release.ts';
import {
  type ListenerRecord,
  type PriorityParameter,
  type PriorityWish,
  prioritiesOf,
  type Reservation,
  reservePriorities,
  withoutRule,
} from '../domain/template/rule-priorities.ts';
import type { Ports, Written } from '../ports.ts';
import type { Planning } from './planning.ts';
import type { StepInput } from './step-context.ts';

export type ReservePriorities = (wish: Omit<PriorityWish, 'fence'>) => Promise<Written<ListenerRecord>>;

/** For the steps that plan and move the stack. */
export const reservedPriorities =
  ({ listeners }: Pick<Ports, 'listeners'>, { fence }: Pick<StepInput, 'fence'>): ReservePriorities =>
  (wish) =>
    listeners.reserve({ ...wish, fence });

/** For a preview, which reserves nothing: what a deployment would be given now. */
export const foreseenPriorities =
  ({ listeners }: Pick<Ports, 'listeners'>): ReservePriorities =>
  async (wish) =>
    reservePriorities(await listeners.find(wish.listenerArn), { ...wish, fence: Number.MAX_SAFE_INTEGER });

/**
 * The priorities of the release's rules, by parameter. A reservation is made before its rule and kept until the stack
 * needs it no more, so that whoever has looked at the rules first and at the reservations then misses nothing.
 * @throws StepFailure PrioritiesExhausted, StaleFence
 */
export const rulePriorities = async (
  reserve: ReservePriorities,
  { release, cluster, aws }: Pick<Planning, 'release' | 'cluster' | 'aws'>,
  current: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, number>>> => {
  const priorities: Record<string, number> = {};
  for (const listenerArn of listenersOf(release, cluster, current)) {
    const rules = rulesOf(release).filter((rule) => rule.listenerArn === listenerArn);
    const used = rules.length > 0 ? Object.keys(await aws.listeners.priorities(listenerArn)).map(Number) : [];
    const wish = { stack: release.stackName, listenerArn, rules, current, used };
    Object.assign(priorities, prioritiesOf(await granted(reserve, aws, wish), release.stackName));
  }
  return priorities;
};

/** Also the one that the stack is about to leave, and the one on which it may have had rules before. */
const listenersOf = (release: Release, cluster: Cluster, { ListenerARN: current }: Readonly<Record<string, string>>) =>
  new Set([
    ...(current ? [current] : []),
    cluster.aws.albIngress.listenerArn,
    ...rulesOf(release).map(({ listenerArn }) => listenerArn),
  ]);

const rulesOf = ({ parameters }: Release): readonly PriorityParameter[] =>
  parameters.filter((parameter): parameter is PriorityParameter => parameter.kind === 'rulePriority');

const granted = async (
  reserve: ReservePriorities,
  aws: Planning['aws'],
  wish: Omit<PriorityWish, 'fence'>,
): Promise<ListenerRecord> => {
  const first = await reserve(wish);
  if (first.kind !== 'refused') return first.record;
  if (first.code !== 'PrioritiesExhausted') throw new StepFailure({ code: first.code ?? '', message: first.reason });
  const second = await reserve({ ...wish, orphans: await ofDeletedStacks(aws, withoutRule(first.record, wish)) });
  if (second.kind !== 'refused') return second.record;
  throw new StepFailure({
    code: 'PrioritiesExhausted',
    message: second.reason,
    left: 'The stack was not changed',
    remedy: 'Retire an application, or put routes into another group or on another cluster',
  });
};

/** Within the minute that a step has, and CloudFormation's patience. */
const MOST_LOOKS = 100;

/** Looked for only once a range is full: until then it does not matter what nobody needs any more. */
const ofDeletedStacks = async ({ stacks }: Planning['aws'], reservations: readonly Reservation[]) => {
  const names = [...new Set(reservations.map(({ stack }) => stack))].slice(0, MOST_LOOKS);
  const deleted = new Set<string>();
  for (const name of names) if (!(await stacks.find(name))) deleted.add(name);
  return reservations.filter(({ stack }) => deleted.has(stack));
};
