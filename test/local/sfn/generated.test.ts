import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../infra/local/sfn/data/json.ts';
import { machine, task } from './support/cloud.ts';
import { type Compared, runOracle, runOurs, type Tries } from './support/oracle.ts';

/** A state before it has a name and a place: what it is, and what its functions do. */
interface Sketch {
  readonly body: (name: string, next: object) => Record<string, object>;
  readonly scripts: (name: string) => Readonly<Record<string, Tries>>;
}

// the other engine finds nothing in a document that is false, 0, null or empty, and nothing at all for a path to many
const json: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.constant(true),
  fc.constantFrom('x', 'y'),
  fc.constant([1, 2]),
  fc.constant({ a: 1, b: 'x' }),
);
const input = fc.record({ a: json, b: json, list: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }) });
const path = fc.constantFrom('$', '$.a', '$.b', '$.list', '$.a.b', '$.list[0]', '$.gone');
// nor does it know the ResultPath $, and it puts fields into lists
const place = fc.constantFrom('$.a', '$.r', '$.deep.s', null);
const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(
    value.map((inner) => ({ [name]: inner })),
    { nil: {} },
  );

const flow = fc
  .tuple(
    optional('InputPath', fc.oneof({ weight: 3, arbitrary: fc.constant('$') }, path)),
    optional('ResultPath', place),
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const passing: fc.Arbitrary<Sketch> = fc
  .tuple(
    flow,
    fc.oneof(
      optional('Result', json),
      optional(
        'Parameters',
        path.map((from) => ({ fixed: 1, 'from.$': from })),
      ),
    ),
  )
  .map(([fields, what]) => ({
    body: (name, next) => ({ [name]: { Type: 'Pass', ...fields, ...what, ...next } }),
    scripts: () => ({}),
  }));

const errors = ['E1', 'E2', 'E3'];
const tries: fc.Arbitrary<Tries> = fc.array(
  fc.oneof(
    fc.constantFrom(...errors).map((throws) => ({ throws })),
    json.map((gives) => ({ gives })),
    fc.constant('echo' as const),
  ),
  { minLength: 1, maxLength: 4 },
);
const names = fc.oneof(fc.subarray(errors, { minLength: 1 }), fc.constant(['States.TaskFailed']));
const retriers = fc.array(fc.record({ ErrorEquals: names, MaxAttempts: fc.nat(2) }), { maxLength: 2 });

/** A task of which nothing leaves: what it does not retry, it catches. */
const trying: fc.Arbitrary<Sketch> = fc
  .tuple(flow, tries, retriers, place, fc.boolean())
  .map(([fields, script, Retry, ResultPath, isCaught]) => ({
    body: (name, next) => ({
      [name]: task(name, {
        ...fields,
        Retry,
        ...(isCaught ? { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath, Next: `${name}-caught` }] } : {}),
        ...next,
      }),
      ...(isCaught ? { [`${name}-caught`]: { Type: 'Pass', ...next } } : {}),
    }),
    scripts: (name) => ({ [name]: script }),
  }));

const waiting: fc.Arbitrary<Sketch> = fc.constant({
  body: (name, next) => ({ [name]: { Type: 'Wait', Seconds: 2, ...next } }),
  scripts: () => ({}),
});

// and it compares across types as JavaScript does: true is less than 2
const single = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map((value) => ({
    And: [
      { Variable: '$', IsNumeric: true },
      { Variable: '$', NumericLessThan: value },
    ],
  })),
  fc.constantFrom('x', 'y').map((value) => ({ Variable: '$', StringEquals: value })),
  fc.constantFrom('IsString', 'IsNumeric', 'IsBoolean').map((name) => ({ Variable: '$', [name]: true })),
);
const rule = fc.oneof(
  single,
  fc.tuple(single, single).map(([one, two]) => ({ Or: [one, { Not: two }] })),
);
const choosing: fc.Arbitrary<Sketch> = rule.map((condition) => ({
  body: (name, next) => ({
    [name]: { Type: 'Choice', Choices: [{ ...condition, Next: `${name}-yes` }], Default: `${name}-no` },
    [`${name}-yes`]: { Type: 'Pass', Result: `${name} yes`, ...next },
    [`${name}-no`]: { Type: 'Pass', Result: `${name} no`, ...next },
  }),
  scripts: () => ({}),
}));

const simple = fc.oneof(passing, trying, waiting, choosing);

const chain = (sketches: readonly Sketch[], prefix: string) => {
  const states = sketches.map((sketch, index) => {
    const isLast = index === sketches.length - 1;
    return sketch.body(`${prefix}${index}`, isLast ? { End: true } : { Next: `${prefix}${index + 1}` });
  });
  const scripts = sketches.map((sketch, index) => sketch.scripts(`${prefix}${index}`));
  return {
    definition: machine(Object.assign({}, ...states)),
    scripts: Object.assign({}, ...scripts) as Record<string, Tries>,
  };
};

const someSimple = fc.array(simple, { minLength: 1, maxLength: 3 });

/** One branch of whatever kind, the others without anything that fails: two failures at once have no order to compare. */
const calm = fc.array(
  fc.constantFrom<Sketch>({ body: (name, next) => ({ [name]: task(name, next) }), scripts: () => ({}) }),
  { minLength: 1, maxLength: 2 },
);
const forking: fc.Arbitrary<Sketch> = fc
  .tuple(someSimple, calm, fc.boolean(), place)
  .map(([wild, tame, isCaught, ResultPath]) => ({
    body: (name, next) => ({
      [name]: {
        Type: 'Parallel',
        Branches: [chain(wild, `${name}w`).definition, chain(tame, `${name}t`).definition],
        ...(isCaught ? { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath, Next: `${name}-caught` }] } : {}),
        ...next,
      },
      ...(isCaught ? { [`${name}-caught`]: { Type: 'Pass', ...next } } : {}),
    }),
    scripts: (name) => ({ ...chain(wild, `${name}w`).scripts }),
  }));

/** Iterations catch what fails in them, for the same reason. */
const mapping: fc.Arbitrary<Sketch> = fc.tuple(tries, place, fc.boolean()).map(([script, ResultPath, isShaped]) => ({
  body: (name, next) => ({
    [name]: {
      Type: 'Map',
      ItemsPath: '$.list',
      MaxConcurrency: 1,
      ...(isShaped ? { ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value' } } : {}),
      ItemProcessor: machine({
        [`${name}m`]: task(`${name}m`, {
          Catch: [{ ErrorEquals: ['States.ALL'], Next: `${name}m-caught` }],
          End: true,
        }),
        [`${name}m-caught`]: { Type: 'Pass', End: true },
      }),
      ResultPath,
      ...next,
    },
  }),
  scripts: (name) => ({ [`${name}m`]: script }),
}));

const machines = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: forking }, { weight: 1, arbitrary: mapping }),
    { minLength: 1, maxLength: 5 },
  )
  .map((sketches) => chain(sketches, 's'));

test('machines made at random run as in the other engine', async () => {
  await fc.assert(
    fc.asyncProperty(machines, input, async ({ definition, scripts }, given) => {
      const [ours, theirs] = [await runOurs(definition, given, scripts), await runOracle(definition, given, scripts)];
      expect(comparable(definition, ours)).toEqual(comparable(definition, theirs));
    }),
    { numRuns: 150, seed: 1 },
  );
});

/**
 * Branches run side by side: the order between them is nobody's promise, nor how far the others came when one failed;
 * and the other engine's log loses what a branch enters last.
 */
const comparable = (definition: ReturnType<typeof machine>, run: Compared): Partial<Compared> => {
  const forks = Object.entries(definition.States).filter(([, state]) => 'Branches' in state);
  if (forks.length === 0) return run;
  const isCut = run.status === 'FAILED' || forks.some(([name]) => run.entered.includes(`${name}-caught`));
  const { entered: _, calls, ...outcome } = run;
  return isCut ? outcome : { ...outcome, calls };
};
