import { isAtMost } from '../migrations/effect.ts';
import type { DatabaseFindings, PendingMigration, StatementFinding } from '../migrations/migrations.ts';
import type { Mode, StackFindings } from './plan.ts';

/** What one database and the stack ask for together. */
export interface Situation {
  readonly database: DatabaseFindings | undefined;
  readonly stack: StackFindings;
  /** Known to be running and healthy; unknown is false. Part of the proof that AFTER needs. */
  readonly previousHealthy: boolean;
}

export interface Answer {
  readonly mode: Mode;
  /** Sentences, most important first; never empty. */
  readonly reasons: readonly string[];
}

interface Row {
  readonly when: (situation: Situation) => boolean;
  readonly mode: Mode;
  readonly why: (situation: Situation) => readonly string[];
}

/** The first row that holds decides; what no row covers is DOWNTIME. */
export const modeFor = (situation: Situation): Answer => {
  const row = rows.find(({ when }) => when(situation)) ?? uncovered;
  return { mode: row.mode, reasons: row.why(situation) };
};

const pendingOf = ({ database }: Situation): readonly PendingMigration[] => database?.pending ?? [];
const isPending = (situation: Situation): boolean => pendingOf(situation).length > 0;
const isVersionOnly = ({ stack }: Situation): boolean => stack.kind === 'nothing' || stack.kind === 'version-only';

/** Every statement is of these classes; an empty migration has none and is harmless. */
const isAll = (situation: Situation, classes: readonly string[]): boolean =>
  classes.includes(situation.database?.compatibility ?? 'NEUTRAL') &&
  pendingOf(situation).every((each) => each.statements.every(({ compatibility }) => classes.includes(compatibility)));

const isShort = ({ database }: Situation): boolean => isAtMost(database?.lock ?? 'L0', 'L1');

/** CONTRACT and nothing else that matters, each file annotated, on a change that takes nothing away. */
const isProvenAfter = (situation: Situation): boolean =>
  situation.database?.compatibility === 'CONTRACT' &&
  situation.database.after &&
  pendingOf(situation).every(({ after }) => after) &&
  isAll(situation, ['CONTRACT', 'NEUTRAL']) &&
  isShort(situation) &&
  (isVersionOnly(situation) || situation.stack.additive) &&
  situation.previousHealthy;

const harmless = ['NEUTRAL', 'EXPAND'];

/** The decision table of EvalJoin for one database. */
const rows: readonly Row[] = [
  {
    when: ({ stack }) => stack.firstRelease,
    mode: 'BEFORE',
    why: () => ['This is the first release: nothing serves yet, so nothing can go down.'],
  },
  {
    when: ({ stack }) => stack.replacesServing.length > 0,
    mode: 'DOWNTIME',
    why: ({ stack }) => stack.replacesServing.map((name) => `${name} is replaced, and it serves requests.`),
  },
  {
    when: (situation) => !isPending(situation) && isVersionOnly(situation),
    mode: 'NOP',
    why: ({ stack }) =>
      stack.kind === 'nothing'
        ? ['Nothing changes in the stack, and no migration is pending.']
        : ['Only the version changes, and no migration is pending.'],
  },
  {
    when: (situation) => !isPending(situation) && situation.stack.versionIndependent,
    mode: 'PARALLEL',
    why: () => ['Infrastructure changes that no changed task definition refers to, and no migration is pending.'],
  },
  {
    when: (situation) => !isPending(situation),
    mode: 'BEFORE',
    why: () => ['Infrastructure changes that the new version refers to come first; no migration is pending.'],
  },
  {
    when: (situation) => isAll(situation, ['NEUTRAL']) && isShort(situation) && situation.stack.versionIndependent,
    mode: 'PARALLEL',
    why: (situation) => [`Neither version needs the order: ${told(situation, 'NEUTRAL')}.`],
  },
  {
    when: (situation) => isAll(situation, harmless) && isShort(situation),
    mode: 'BEFORE',
    why: (situation) => [
      `The running release cannot notice the migration: ${told(situation, situation.database?.compatibility ?? 'EXPAND')}.`,
    ],
  },
  {
    when: isProvenAfter,
    mode: 'AFTER',
    why: (situation) => [
      'The migration is marked `slipway: after` and the running release is healthy, so it runs once the new version serves.',
      ...sentences(situation, (finding) => finding.compatibility === 'CONTRACT'),
    ],
  },
  {
    when: (situation) => isAll(situation, harmless),
    mode: 'DOWNTIME',
    why: (situation) => [
      situation.database?.lockReason ?? 'The migration locks tables for as long as it reads them.',
      ...sentences(situation, (finding) => !isAtMost(finding.lock, 'L1')),
    ],
  },
  {
    when: (situation) => isPending(situation),
    mode: 'DOWNTIME',
    why: (situation) => [
      ...sentences(situation, (finding) => !harmless.includes(finding.compatibility)),
      ...notAfter(situation),
    ],
  },
];

const uncovered: Row = {
  when: () => true,
  mode: 'DOWNTIME',
  why: () => ['Slipway knows of no way to do this without downtime.'],
};

/** Why an annotated batch still needs downtime. */
const notAfter = (situation: Situation): readonly string[] => {
  if (situation.database?.after !== true) return [];
  if (!situation.previousHealthy)
    return ['The mark `slipway: after` does not count: the running release is not known to be healthy.'];
  return [
    'The mark `slipway: after` does not count: it is for short clean-ups beside a new version or additions, and there is more here.',
  ];
};

/** `Migration 20260101_drop drops orders.note, which the running release may still read (line 3).` */
const sentences = (situation: Situation, about: (finding: StatementFinding) => boolean): readonly string[] =>
  pendingOf(situation).flatMap((migration) =>
    migration.statements.filter(about).map((finding) => {
      const advice = finding.advice === undefined ? '' : ` ${finding.advice}`;
      return `Migration ${nameOf(migration)} ${finding.reason} (line ${finding.line}).${advice}`;
    }),
  );

const told = (situation: Situation, compatibility: string): string => {
  const findings = pendingOf(situation).flatMap((migration) =>
    migration.statements
      .filter((each) => each.compatibility === compatibility)
      .map((each) => `${nameOf(migration)} ${each.reason}`),
  );
  return findings.slice(0, 3).join('; ') || `${pendingOf(situation).map(nameOf).join(', ')} has no statements`;
};

const nameOf = (migration: PendingMigration): string =>
  migration.path.slice(migration.path.lastIndexOf('/') + 1).replace(/\.sql$/, '');
