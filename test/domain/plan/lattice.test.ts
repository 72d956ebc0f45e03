import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type {
  Compatibility,
  DatabaseFindings,
  LockClass,
  StatementFinding,
} from '../../../functions/domain/migrations/migrations.ts';
import { type EvalJoinInput, evalJoin } from '../../../functions/domain/plan/eval-join.ts';
import type { StackFindings } from '../../../functions/domain/plan/plan.ts';
import { database, hash, joinInput, stack, statement } from './findings.ts';

// The fail-safe lattice: whatever becomes worse or unknown in the input, the answer never becomes less careful.

/** How careful an answer is; AFTER asks for proof, so it counts as little as its migration does: like BEFORE. */
const care = (input: EvalJoinInput): number => {
  const evaluation = evalJoin(input, hash);
  if (evaluation.outcome === 'refused') return 4;
  return { NOP: 0, PARALLEL: 1, BEFORE: 2, AFTER: 2, DOWNTIME: 3 }[evaluation.plan.mode];
};

const compatibilities: readonly Compatibility[] = ['NEUTRAL', 'EXPAND', 'TIGHTEN', 'DATA', 'CONTRACT', 'OPAQUE'];
const locks: readonly LockClass[] = ['L0', 'L1', 'L2', 'L3'];

const statements = fc.array(
  fc
    .tuple(fc.constantFrom(...compatibilities), fc.constantFrom(...locks))
    .map(([compatibility, lock]) => statement(compatibility, lock)),
  { maxLength: 3 },
);

const databaseOf = (name: string) =>
  fc
    .tuple(
      statements,
      fc.boolean(),
      fc.constantFrom('clean' as const, 'clean' as const, 'clean' as const, 'dirty' as const),
    )
    .map(([list, marked, state]) => database(list, { database: name, marked, state }));

const stackOf = fc
  .record({
    kind: fc.constantFrom<StackFindings['kind']>('nothing', 'version-only', 'infrastructure'),
    versionIndependent: fc.boolean(),
    additive: fc.boolean(),
    replacesServing: fc.constantFrom<readonly string[]>([], [], ['Service']),
    refusals: fc.constantFrom<readonly string[]>([], [], [], ['no']),
  })
  // What changes only a version is independent of it and adds.
  .map((found) =>
    stack(
      found.kind === 'infrastructure'
        ? found
        : { ...found, versionIndependent: true, additive: true, replacesServing: [] },
    ),
  );

const inputs = fc
  .record({ one: databaseOf('one'), two: databaseOf('two'), stack: stackOf, previousHealthy: fc.boolean() })
  .map(({ one, two, ...more }) => joinInput({ ...more, databases: [one, two] }));

type Worsening = (input: EvalJoinInput) => EvalJoinInput;

const onFirst =
  (worsen: (found: DatabaseFindings) => DatabaseFindings): Worsening =>
  (input) => ({ ...input, databases: input.databases.map((each, at) => (at === 0 ? worsen(each) : each)) });

const rebuilt = (found: DatabaseFindings, list: readonly StatementFinding[], marked = found.after): DatabaseFindings =>
  database(list, { database: found.database, state: found.state, marked });

const statementsOf = (found: DatabaseFindings) => found.pending.flatMap((each) => each.statements);

const onStack =
  (worse: Partial<StackFindings>): Worsening =>
  (input) => ({ ...input, stack: { ...input.stack, ...worse } });

const worsenings = fc.oneof(
  // One more statement of any kind in what is pending already; an annotation covers the batch that was there.
  fc
    .tuple(fc.constantFrom(...compatibilities), fc.constantFrom(...locks))
    .map(([compatibility, lock]) =>
      onFirst((found) => rebuilt(found, [...statementsOf(found), statement(compatibility, lock)], found.after)),
    ),
  fc.constantFrom<Worsening>(
    onFirst((found) =>
      rebuilt(
        found,
        statementsOf(found).map((each) => ({ ...each, compatibility: 'OPAQUE' as const, lock: 'L3' as const })),
      ),
    ),
    onFirst((found) =>
      rebuilt(
        found,
        statementsOf(found).map((each) => ({ ...each, lock: 'L3' as const })),
      ),
    ),
    onFirst((found) => ({ ...found, state: 'dirty' })),
    onFirst((found) => ({ ...found, state: 'diverged' })),
    onFirst((found) => rebuilt(found, statementsOf(found), false)),
    (input) => ({ ...input, previousHealthy: false }),
    (input) => ({ ...input, databases: input.databases.slice(1) }),
    onStack({ kind: 'infrastructure' }),
    onStack({ kind: 'infrastructure', versionIndependent: false }),
    onStack({ kind: 'infrastructure', additive: false }),
    onStack({ kind: 'infrastructure', replacesServing: ['Service'] }),
    onStack({ refusals: ['no'] }),
  ),
);

test('nothing that becomes worse or unknown ever makes the answer less careful', () => {
  fc.assert(
    fc.property(inputs, worsenings, (input, worsen) => {
      expect(care(worsen(input))).toBeGreaterThanOrEqual(care(input));
    }),
    { numRuns: 3000 },
  );
});

test('a statement that nobody can see through never runs beside a release that serves', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const opaque = onFirst((found) => rebuilt(found, [...statementsOf(found), statement('OPAQUE', 'L3')]))(input);
      expect(care(opaque)).toBeGreaterThanOrEqual(3);
    }),
  );
});

test('every answer has its reasons, in sentences', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const evaluation = evalJoin(input, hash);
      const reasons = evaluation.outcome === 'planned' ? evaluation.plan.reasons : evaluation.reasons;
      expect(reasons.length).toBeGreaterThan(0);
      expect(reasons.join('')).not.toMatch(/undefined|\[object/);
    }),
  );
});
