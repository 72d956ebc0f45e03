import { StepFailure } from '../failure.ts';
import { type Parameter, rulePriorityRanges } from './template.ts';

/** What deferred parameters are resolved from, read at the moment of the CloudFormation call. */
export interface World {
  /** The stack's parameters as they are. */
  readonly current: Readonly<Record<string, string>>;
  /** Priorities taken on each listener, by listener ARN; those of the stack's own rules are among them. */
  readonly usedPriorities: Readonly<Record<string, readonly number[]>>;
  /** Desired counts by runtime; a runtime that is not named starts with its configured count. */
  readonly counts: Readonly<Record<string, number>>;
  /** ARN of the application's secret of each database, by the database's key. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The value of every parameter. A rule keeps the priority that the stack has for it while that lies in its group's
 * range; the others take the lowest free ones of the range, in order of their names.
 * @throws StepFailure PrioritiesExhausted, SecretMissing
 */
export const resolveParameters = (parameters: readonly Parameter[], world: World): Readonly<Record<string, string>> => {
  const priorities = resolvePriorities(parameters, world);
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, resolved(parameter, world, priorities)]));
};

const resolved = (parameter: Parameter, world: World, priorities: ReadonlyMap<string, number>): string => {
  switch (parameter.kind) {
    case 'value':
      return parameter.value;
    case 'desiredCount':
      return String(world.counts[parameter.runtime] ?? parameter.initial);
    case 'databaseSecret':
      return world.secrets[parameter.database] ?? missingSecret(parameter.database);
    case 'rulePriority':
      return String(priorities.get(parameter.name));
  }
};

type PriorityParameter = Extract<Parameter, { kind: 'rulePriority' }>;

const resolvePriorities = (parameters: readonly Parameter[], { current, usedPriorities }: World) => {
  const wanted = parameters
    .filter((parameter): parameter is PriorityParameter => parameter.kind === 'rulePriority')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const given = new Map<string, number>();
  const taken = new Map(Object.entries(usedPriorities).map(([listener, used]) => [listener, new Set(used)]));
  for (const { name, group } of wanted) {
    const kept = Number(current[name]);
    if (isInRange(kept, group)) given.set(name, kept);
  }
  for (const parameter of wanted) {
    const used = taken.get(parameter.listenerArn) ?? new Set();
    taken.set(parameter.listenerArn, used.add(given.get(parameter.name) ?? -1));
  }
  for (const parameter of wanted) {
    if (given.has(parameter.name)) continue;
    const used = taken.get(parameter.listenerArn) ?? new Set();
    const priority = lowestFree(parameter, used);
    used.add(priority);
    given.set(parameter.name, priority);
  }
  return given;
};

const isInRange = (priority: number, group: PriorityParameter['group']) => {
  const [from, to] = rulePriorityRanges[group];
  return Number.isInteger(priority) && priority >= from && priority <= to;
};

const lowestFree = ({ group, listenerArn }: PriorityParameter, used: ReadonlySet<number>): number => {
  const [from, to] = rulePriorityRanges[group];
  for (let priority = from; priority <= to; priority++) if (!used.has(priority)) return priority;
  throw new StepFailure({
    code: 'PrioritiesExhausted',
    message: `Listener ${listenerArn} has no free priority for routes of the group ${group}: ${from} to ${to} are taken`,
    left: 'The stack was not changed',
    remedy: 'Retire an application, or put routes into another group or on another cluster',
  });
};

const missingSecret = (database: string): never => {
  throw new StepFailure({
    code: 'SecretMissing',
    message: `The secret of database ${database} has not been made`,
    left: 'The stack was not changed',
    remedy: 'Deploy with the strategy full, which makes it',
  });
};
