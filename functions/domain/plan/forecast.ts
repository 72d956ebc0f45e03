import { worseLock } from '../migrations/effect.ts';
import type { DatabaseFindings, LockClass, StatementFinding } from '../migrations/migrations.ts';
import type { Forecast, Mode, StackFindings } from './plan.ts';

/** Seconds that steps of this stack took lately, by step name: `ScaleDown`, `PGMigrate.main`, ... */
export type StepDurations = Readonly<Record<string, readonly number[]>>;

/** Where a stack has no history yet: seconds of an ordinary service with a small database. */
const ordinary: Readonly<Record<string, number>> = {
  ScaleDown: 60,
  InfraMigrate: 90,
  PGMigrate: 40,
  PGCleanup: 7,
  ScaleUp: 120,
};

/** What a plan will cost: how long nothing serves, which tables wait, what is replaced. */
export const forecast = (
  mode: Mode,
  stack: StackFindings,
  databases: readonly DatabaseFindings[],
  durations: StepDurations,
): Forecast => {
  const steps = mode === 'DOWNTIME' ? outageSteps(databases) : [];
  const measured = steps.length > 0 && steps.flat(2).every((step) => medianOf(durations[step]) !== undefined);
  return {
    outageSeconds: steps.reduce((sum, side) => sum + Math.max(...side.map((chain) => lengthOf(chain, durations))), 0),
    basis: measured ? 'measured' : 'table',
    locks: databases.flatMap(locksOf),
    replacements: stack.changes
      .filter((change) => change.action === 'Modify' && change.replacement !== 'False')
      .map(
        (change) => `${change.logicalId} (${change.type})${change.replacement === 'Conditional' ? ', perhaps' : ''}`,
      ),
  };
};

/** One after another; each a set of chains side by side. */
const outageSteps = (databases: readonly DatabaseFindings[]): readonly (readonly (readonly string[])[])[] => [
  [['ScaleDown']],
  [
    ['InfraMigrate'],
    ...databases
      .filter(({ pending }) => pending.length > 0)
      .map(({ database }) => [`PGMigrate.${database}`, `PGCleanup.${database}`]),
  ],
  [['ScaleUp']],
];

const lengthOf = (chain: readonly string[], durations: StepDurations): number =>
  chain.reduce((sum, step) => sum + (medianOf(durations[step]) ?? ordinary[step.split('.')[0] ?? ''] ?? 0), 0);

const medianOf = (values: readonly number[] = []): number | undefined => {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor((sorted.length - 1) / 2);
  const [low, high] = [sorted[middle], sorted[sorted.length - 1 - middle]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
};

const meaning: Readonly<Record<LockClass, string>> = {
  L0: 'blocks nobody',
  L1: 'blocks reads and writes for a moment',
  L2: 'blocks writes while it reads every row',
  L3: 'blocks reads and writes while it reads every row',
};

const locksOf = ({ pending, rows }: DatabaseFindings): readonly string[] => {
  const findings = pending.flatMap((each) => each.statements).filter(({ lock }) => lock !== 'L0');
  const tables = [...new Set(findings.flatMap(tablesOf))].sort();
  return tables.map((table) => {
    const worst = findings
      .filter((each) => tablesOf(each).includes(table))
      .map((each) => each.lock)
      .reduce(worseLock);
    const count = rows[table];
    const size = count === undefined ? '' : count < 0 ? ', never analysed' : `, about ${count} rows`;
    return `${table}: ${worst}, ${meaning[worst]}${size}`;
  });
};

const tablesOf = (finding: StatementFinding): readonly string[] =>
  finding.tables.length === 0
    ? ['tables that Slipway does not know']
    : finding.tables.map((table) => (table === '*' ? 'tables that Slipway does not know' : table));
