import { beforeAll, expect, test } from '@jest/globals';
import { manifest, pascal } from '../../functions/manifest.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { calledBy, statesOf } from '../support/machine-states.ts';
import { type Operation, operationsOf } from './kill-functions.ts';
import { cellsOf, judge, neededSweeper } from './kill-matrix.ts';
import { type KillRoute, killRoutes } from './kill-routes.ts';
import { type Played, play } from './kill-world.ts';

/** One cell of so many is run, another one per seed; `MATRIX=1` runs them all, which takes about a minute and a half. */
const ONE_OF = Number(process.env['MATRIX'] ?? 8);
const SEED = Number(process.env['SEED'] ?? 0);

/** Functions that run before there is a deployment, or beside all of them. */
const OTHERS = ['Webhook', 'ReceivePush', 'BuildRelease', 'PreviewPlan', 'ImageWait', 'RejectRequest'];
const BESIDE = ['Reconcile', 'CheckCluster', 'Sql'];
const AROUND = ['AcceptDeployment', 'CompleteCallback', 'Sweep'];

const used = [...new Set(statesOf(deployment).flatMap(({ state }) => calledBy(state) ?? [])), ...AROUND];

let operations: ReadonlyMap<string, Operation>;
const undisturbed = new Map<KillRoute, Played>();

beforeAll(async () => {
  operations = await operationsOf(used);
  for (const route of killRoutes) undisturbed.set(route, await play(route, operations));
});

const straight = (route: KillRoute): Played => {
  const played = undisturbed.get(route);
  if (!played) throw new Error(`${route.name} was not walked`);
  return played;
};

test('every function that a deployment uses is struck, and no function is forgotten', () => {
  const struck = killRoutes.flatMap((route) => straight(route).calls.map(({ word }) => word));
  expect([...new Set(struck)].sort()).toEqual([...used].sort());
  expect([...used, ...OTHERS, ...BESIDE].sort()).toEqual(manifest.map(({ name }) => pascal(name)).sort());
});

test('the matrix has more than ten thousand cells', () => {
  expect(killRoutes.flatMap((route) => cellsOf(straight(route))).length).toBeGreaterThan(10_000);
});

test.each(killRoutes)('undisturbed, $name ends as it should, and nothing needs a repair', (route) => {
  expect(judge(route, straight(route), straight(route))).toEqual([]);
  expect(straight(route).repairs > 0).toBe(route.deaf ?? false);
});

test.each(killRoutes)(
  'wherever a function of $name is killed, refused or run twice, and whatever event fails, it ends the same',
  async (route) => {
    const cells = cellsOf(straight(route)).filter((_, place) => place % ONE_OF === SEED % ONE_OF);
    const wrong: string[] = [];
    for (const cell of cells) {
      const played = await play(route, operations, cell.disturbance);
      const problems = [...judge(route, straight(route), played)];
      const needed = played.repairs > 0 && (await neededSweeper(route, operations, cell, played));
      if (played.repairs > 0 && !needed) problems.push(`${played.repairs} repairs, none of which was needed`);
      wrong.push(...problems.map((problem) => `${cell.name}: ${problem}`));
    }
    expect(wrong).toEqual([]);
  },
  300_000,
);

test.each(killRoutes)('when every function of $name runs once more after the end, nothing is begun', async (route) => {
  const played = await play(route, operations, { echoes: true });
  expect(judge(route, straight(route), played)).toEqual([]);
});
