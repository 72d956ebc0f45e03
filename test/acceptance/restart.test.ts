import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMPILED } from '../../bin/compile-cache.ts';
import { type LocalSlipway, startSlipway } from '../../bin/local/start-slipway.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { workingClone } from '../../bin/local/working-clone.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { leapingClock, type MovableClock } from '../../infra/local/clock.ts';
import { identityOf } from '../../infra/local/ecs/process-mark.ts';
import { executionsOf } from '../support/executions.ts';
import { stepsOf } from '../support/flow-steps.ts';
import { makeStateFolder, removeStateFolder } from '../support/memory-folder.ts';
import { until } from '../support/until.ts';
import { noteGrants } from '../support/used-grants.ts';
import { appliedMigrations, operationsOf } from './leaps.ts';

const directory = join(ROOT, '.slipway/tests', `${process.pid}-restart`);

/** Every step of a downtime: the cloud is killed in each of them, or where it is over in a moment, right after it. */
const STEPS = stepsOf('DOWNTIME').filter((step) => step !== 'Done');

interface Process {
  readonly pid: number;
  readonly identity: string | undefined;
}

/** Longer than any step of the example takes. */
const STALLED_MILLIS = 6000;

let slipway: LocalSlipway & { readonly clock: MovableClock };
let startedAt = 0;
let crashed: Deployment;
let stopped: Deployment;
let left: readonly Process[];
const killed: Process[] = [];
let child: ChildProcess | undefined;

/** One life of the cloud: it ends by SIGKILL at the line that it says when the moment has come. */
const lifeUntil = async (moment: RegExp, release = ''): Promise<void> => {
  const script = join(import.meta.dirname, 'doomed-slipway.ts');
  const words = ['--disable-warning=ExperimentalWarning', script, directory, release];
  const doomed = spawn(process.execPath, words, {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = doomed;
  const exited = once(doomed, 'exit');
  for await (const line of createInterface({ input: doomed.stdout })) if (moment.test(line)) break;
  killed.push(...treeOf(doomed.pid ?? 0));
  doomed.kill('SIGKILL');
  await exited;
};

/** A process and all that descend from it, each by its identity: a process id is given again. */
const treeOf = (root: number): Process[] => {
  const parents = readdirSync('/proc').flatMap((pid) =>
    /^\d+$/.test(pid) ? [[Number(pid), parentOf(pid)] as const] : [],
  );
  const below = (pid: number): number[] => [
    pid,
    ...parents.flatMap(([one, parent]) => (parent === pid ? below(one) : [])),
  ];
  return below(root).map((pid) => ({ pid, identity: identityOf(pid) }));
};

const parentOf = (pid: string): number | undefined => {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};

const isRunning = ({ pid, identity }: Process) => identity !== undefined && identityOf(pid) === identity;

const resumed = async () => {
  const clock = leapingClock();
  startedAt = Date.now();
  return { ...(await startSlipway({ directory, clock, observeIam: noteGrants() })), clock };
};

const newest = async (): Promise<Deployment | undefined> =>
  (await slipway.ports.deployments.listOfStack('dev-shop', 1))[0];

const ended = (commit: string) =>
  until(
    `the end of ${commit}`,
    async () => {
      const deployment = await newest();
      if (deployment?.version === commit && isEnded(deployment.status)) return deployment;
      if (Date.now() - startedAt > STALLED_MILLIS) {
        startedAt = Date.now();
        await slipway.clock.advance(60_000);
      }
      return undefined;
    },
    async () => JSON.stringify([await newest(), await slipway.ports.callbacks.listOpen()], undefined, 2),
  );

// The tests only read: the story is told once, in order.
beforeAll(async () => {
  makeStateFolder(directory);
  await lifeUntil(/VersionMigrate ACTIVE/, '01-first-release');
  await lifeUntil(/^DONE/);
  for (const [index, step] of STEPS.entries())
    await lifeUntil(new RegExp(`${step} (ACTIVE|DONE)`), index === 0 ? '05-large-prices' : '');
  slipway = await resumed();
  crashed = await ended((await newest())?.version ?? '');
  const clone = await workingClone(`${directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  const commit = await clone.pushRelease('04-discounts');
  // Before anybody has heard of the push, and then in the middle of its steps.
  await slipway.stop();
  slipway = await resumed();
  await until('the middle of it', async () => {
    const deployment = await newest();
    return deployment?.version === commit && deployment.steps['InfraMigrate'];
  });
  await slipway.stop();
  left = killed.filter(isRunning);
  slipway = await resumed();
  stopped = await ended(commit);
  // The deployment's own end is written first, then the stack is let go.
  await until('the stack to be free', async () => !(await slipway.ports.stacks.find('dev-shop'))?.current || undefined);
}, 150_000);

afterAll(async () => {
  child?.kill('SIGKILL');
  await slipway?.stop();
  removeStateFolder(directory);
});

test('killed in each of its steps, a deployment ends once', async () => {
  expect(STEPS).toEqual(expect.arrayContaining(['StackWait', 'CFPlan', 'ScaleDown', 'PGMigrate.main', 'ScaleUp']));
  expect(crashed).toMatchObject({ status: 'DONE', plan: { mode: 'DOWNTIME' } });
  const executions = await executionsOf(slipway.cloud).list('deployment');
  expect(executions).toHaveLength(3);
});

test('stopped right after its push, then in the middle of its steps, a deployment goes on at the next start', async () => {
  expect(stopped).toMatchObject({ status: 'DONE', plan: { mode: 'BEFORE' } });
  expect(await slipway.ports.stacks.find('dev-shop')).toMatchObject({ status: 'AVAILABLE', fence: 3, counts: {} });
});

test('what an earlier life had begun was not begun again, and each migration was applied once', async () => {
  const operations = await operationsOf(slipway.cloud);
  expect(new Set(operations).size).toBe(operations.length);
  expect(await appliedMigrations(slipway.cloud)).toEqual(['20260101000000', '20260401000000', '20260301000000']);
});

test('the service answers on its address', async () => {
  expect((await fetch(slipway.url)).status).toBe(200);
});

test('nothing of a killed life is left running when the last one has stopped', () => {
  expect(killed.length).toBeGreaterThan(5);
  expect(left).toEqual([]);
});
