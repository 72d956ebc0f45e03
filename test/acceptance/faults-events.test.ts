import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WorkingClone, workingClone } from '../../bin/local/working-clone.ts';
import { startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import {
  appliedMigrations,
  type EndedByLeaps,
  endedByLeaps,
  migrationsOf,
  operationsOf,
  sweeperRepairs,
} from './leaps.ts';

const SOURCES = ['aws.cloudformation', 'aws.ecs', 'aws.ecr'];

interface Told extends EndedByLeaps {
  readonly answer: string;
  /** Outward tokens of everything that was begun so far. */
  readonly operations: readonly string[];
  readonly migrations: readonly string[];
  readonly applied: readonly string[];
  readonly repairs: number;
}

let slipway: TestSlipway;
let clone: WorkingClone;
const told = new Map<string, Told>();

const hints = ({ event }: { readonly event: { readonly source: string } }) => SOURCES.includes(event.source);

// The tests only read: the story is told once, in order.
beforeAll(async () => {
  slipway = await startTestSlipway();
  clone = await workingClone(`${slipway.directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  const calm = slipway.cloud.events.inject({ kind: 'drop', matches: hints });
  await tell('lost', '01-first-release');
  await tell('lost in a downtime', '05-large-prices');
  calm();
  const once = slipway.cloud.events.inject({ kind: 'duplicate', matches: hints });
  await tell('doubled', '04-discounts');
  once();
  const late = slipway.cloud.events.inject({ kind: 'delay', millis: 700, matches: hints });
  await tell('late', '02-new-greeting');
  late();
  slipway.cloud.events.inject({ kind: 'reorder', matches: hints });
  await tell('reordered', '06-drop-note');
}, 120_000);

afterAll(() => slipway?.stop());

const tell = async (name: string, release: string) => {
  const commit = await clone.pushRelease(release);
  const ended = await endedByLeaps(slipway, commit);
  told.set(name, {
    ...ended,
    answer: await slipway.ask(),
    operations: await operationsOf(slipway.cloud),
    migrations: (await migrationsOf(slipway.cloud)).map(({ startedBy = '' }) => startedBy),
    applied: await appliedMigrations(slipway.cloud),
    repairs: await sweeperRepairs(slipway.cloud),
  });
};

const chapter = (name: string): Told => {
  const found = told.get(name);
  if (!found) throw new Error(`${name} was not told`);
  return found;
};

test.each(['lost', 'lost in a downtime', 'doubled', 'late', 'reordered'])(
  'events that are %s do not keep a deployment from its end',
  (name) => {
    expect(chapter(name).deployment).toMatchObject({ status: 'DONE' });
    expect(chapter(name).answer).toMatch(/^200 /);
  },
);

test.each(['lost', 'lost in a downtime'])(
  'when every event is %s, the sweeper ends each wait within a minute, and counts it',
  (name) => {
    const { deployment, leaps, repairs } = chapter(name);
    const waits = Object.keys(deployment.steps).filter(
      (step) => !/PGUpsert|PGEval|PGCleanup|CFPlan|EvalJoin/.test(step),
    );
    expect(leaps).toBeGreaterThan(0);
    expect(leaps).toBeLessThanOrEqual(waits.length);
    // A leap may come while a step still reads the truth by itself: then there is nothing to repair.
    expect(repairs).toBeGreaterThan(0);
  },
);

test('each step began one operation and one migration task, however often it was told of its end', () => {
  const { operations, migrations, applied } = chapter('reordered');
  expect(new Set(operations).size).toBe(operations.length);
  expect(new Set(migrations).size).toBe(migrations.length);
  expect(migrations).toHaveLength(4);
  expect([...applied].sort()).toEqual(['20260101000000', '20260301000000', '20260401000000', '20260501000000']);
});
