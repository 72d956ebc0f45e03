import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fate } from '../support/fake-tasks.ts';
import { crashes } from './schedule.ts';
import { type Scenario, simulate } from './simulation.ts';

/** Schedules of each kind; `RUNS=100000` for a night. Every failure prints its seed and the smallest scenario. */
const RUNS = Number(process.env['RUNS'] ?? 2000);

const seed = fc.integer();
const someTurns = (most: number) => fc.array(fc.nat(900), { maxLength: most });

/** Nothing goes wrong but the network: events are lost, doubled and late, functions and answers die. */
const faults: fc.Arbitrary<Scenario> = fc.record({
  seed,
  // Fewer deaths than a state has tries.
  crashes: crashes(3, 900),
  aborts: fc.constant([]),
  terminations: fc.constant([]),
  minutes: someTurns(2),
  fates: fc.constant([]),
  rolledBack: fc.constant([]),
  fixForward: fc.boolean(),
  slowClouds: fc.boolean(),
});

test('whatever is lost, doubled, late or killed, each push ends once, and every queue drains', async () => {
  await fc.assert(
    fc.asyncProperty(faults, async (scenario) => {
      const { violations, ends } = await simulate(scenario);
      expect(violations).toEqual([]);
      expect(Object.values(ends).flat()).not.toContain('FAILED');
    }),
    { numRuns: RUNS },
  );
});

const trouble: fc.Arbitrary<Scenario> = fc.record({
  seed,
  crashes: crashes(4, 900),
  aborts: someTurns(2),
  terminations: fc.constant([]),
  minutes: someTurns(2),
  fates: fc.array(fc.constantFrom<Fate[]>('applies', 'applies', 'fails', 'lock-timeout', 'host-gone'), {
    maxLength: 4,
  }),
  rolledBack: fc.subarray([1, 2, 3]),
  fixForward: fc.boolean(),
  slowClouds: fc.boolean(),
});

test('the same holds when executions are stopped, migrations fail and updates are rolled back', async () => {
  await fc.assert(
    fc.asyncProperty(trouble, async (scenario) => {
      expect((await simulate(scenario)).violations).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

/** The turns of a whole run, from before the first push to after the last end. */
const terminations = fc.array(fc.nat(400), { minLength: 1, maxLength: 4 });

const terminated = faults.chain((scenario) => terminations.map((turns) => ({ ...scenario, terminations: turns })));

test('whoever is asked to end ends TERMINATED or was done, leaves nothing at work, and frees the stack', async () => {
  await fc.assert(
    fc.asyncProperty(terminated, async (scenario) => {
      const { violations, ends } = await simulate(scenario);
      expect(violations).toEqual([]);
      expect(Object.values(ends).flat()).not.toContain('FAILED');
    }),
    { numRuns: RUNS / 4 },
  );
});

const terminatedInTrouble = trouble.chain((scenario) =>
  terminations.map((turns) => ({ ...scenario, terminations: turns })),
);

test('the same holds beside everything else that goes wrong', async () => {
  await fc.assert(
    fc.asyncProperty(terminatedInTrouble, async (scenario) => {
      expect((await simulate(scenario)).violations).toEqual([]);
    }),
    { numRuns: RUNS / 4 },
  );
});
