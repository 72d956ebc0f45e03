import type { Visit } from './longest-chain.ts';
import type { Operation } from './operations.ts';

/** One stretch of AWS's own work that a step has to wait for. */
export interface Wait {
  readonly fromMillis: number;
  readonly toMillis: number;
  /** Calls without which it would neither begin nor be known to have ended. */
  readonly calls: { readonly service: string; readonly count: number };
}

/** Made and described; executed and described; registered, run and described. */
const NECESSARY: Readonly<Record<Operation['kind'], Wait['calls']>> = {
  'change set': { service: 'cloudformation', count: 2 },
  'stack operation': { service: 'cloudformation', count: 2 },
  task: { service: 'ecs', count: 3 },
  'service task': { service: 'ecs', count: 1 },
};

/** States that end when no old task of the services is left. */
const LEAVING = /^(ScaleDown|VersionMigrate-after)$/;

/** What AWS did for one visit of a state, one after the other; what went on at the same time counts once. */
export const waitsOf = (visit: Visit, operations: readonly Operation[]): readonly Wait[] => {
  const step = stepOf(visit);
  const waits: Wait[] = [];
  const own = operations
    .filter((each) => each.step === step || (each.kind === 'service task' && LEAVING.test(visit.state)))
    .filter(({ fromMillis, toMillis }) => toMillis > visit.fromMillis && fromMillis < visit.toMillis)
    .sort((a, b) => a.fromMillis - b.fromMillis);
  let end = visit.fromMillis;
  for (const { kind, fromMillis, toMillis } of own) {
    const from = Math.max(fromMillis, end);
    const to = Math.min(toMillis, visit.toMillis);
    if (to > from) waits.push({ fromMillis: from, toMillis: to, calls: NECESSARY[kind] });
    end = Math.max(end, to);
  }
  return waits;
};

/** `PGMigrate-downtime` of the database `main` is the step `PGMigrate.main`. */
const stepOf = ({ state, input }: Visit): string => {
  const { database } = JSON.parse(input) as { readonly database?: string };
  const [word = ''] = state.split('-');
  return database === undefined ? word : `${word}.${database}`;
};
