import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, test } from '@jest/globals';
import type { Mode } from '../../functions/domain/plan/plan.ts';
import { strategies } from '../../functions/domain/plan/strategy.ts';
import { terminateDeployment } from '../../functions/operations/terminate-deployment.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { statesOf } from '../support/machine-states.ts';
import { type MachineWorld, openMachineWorld } from '../support/machine-world.ts';
import type { Route } from '../support/route-functions.ts';

/** Every state of the machine that waits for its callback. */
const waiting = statesOf(deployment)
  .filter(({ state }) => state.Type === 'Task' && state.Resource.endsWith('.waitForTaskToken'))
  .map(({ name }) => name);

const modes: readonly Mode[] = ['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP'];
const full = { strategy: 'full', mode: 'NOP', approval: false } as const;
const routes: readonly Route[] = [
  ...modes.map((mode) => ({ ...full, mode, approval: mode === 'NOP' })),
  ...strategies.filter((strategy) => strategy !== 'full').map((strategy) => ({ ...full, strategy })),
  { ...full, busy: true },
];

let walked: readonly { readonly route: Route; readonly waits: ReadonlySet<string> }[];

// Each route once, to see where it waits.
beforeAll(async () => {
  walked = await Promise.all(routes.map(async (route) => ({ route, waits: await waitsOf(route) })));
});

const waitsOf = async (route: Route): Promise<ReadonlySet<string>> => {
  await using world = await openMachineWorld(route);
  const waits = new Set<string>();
  await world.goOnUntil(async () => {
    for (const state of (await world.waiting()).keys()) waits.add(state);
    return false;
  });
  return waits;
};

/** A deployment that waits at a state: on its own way, or after the failure of another state. */
const waitingAt = async (state: string): Promise<MachineWorld> => {
  const straight = walked.filter(({ waits }) => waits.has(state)).map(({ route }) => ({ route, failing: undefined }));
  const failed = walked.flatMap(({ route, waits }) => [...waits].map((failing) => ({ route, failing })));
  for (const { route, failing } of [...straight, ...failed]) {
    const world = await openMachineWorld(route);
    if (failing) await failAt(world, failing);
    if (await world.goOnUntil(async () => (await world.waiting()).has(state))) return world;
    await world[Symbol.asyncDispose]();
  }
  throw new Error(`No route of this test waits at ${state}: add one`);
};

const failAt = async ({ ports, goOnUntil, waiting: open }: MachineWorld, state: string) => {
  await goOnUntil(async () => (await open()).has(state));
  const taskToken = (await open()).get(state)?.taskToken ?? '';
  await ports.machines.fail(taskToken, 'States.Timeout', 'it took too long');
};

/** As it is left in every case: nothing at work, nobody waiting, the stack free or broken with the reason. */
const expectTerminated = async (world: MachineWorld) => {
  const { ports, ids } = world;
  expect(await world.deployment()).toMatchObject({
    status: 'TERMINATED',
    cancelledBy: 'bob',
    reason: { code: 'Cancelled', message: expect.stringMatching(/^bob asked to end this deployment/) },
  });
  expect([world.leftAtWork(), await ports.callbacks.listOpen()]).toEqual([[], []]);
  const stack = await ports.stacks.find(ids.stackName);
  expect(stack?.current).toBeUndefined();
  const { broken } = stack ?? {};
  if (stack?.status !== 'AVAILABLE')
    expect({ ...broken, status: stack?.status }).toMatchObject({ status: 'BROKEN', deploymentId: ids.deploymentId });
  expect(broken?.left.length).not.toBe(0);
};

const terminate = ({ ports, ids }: MachineWorld, actor = 'bob') =>
  terminateDeployment(ports, { deploymentId: ids.deploymentId, actor });

test.each(waiting)(
  'a deployment that is terminated at %s ends TERMINATED, and nothing of it goes on',
  async (state) => {
    await using world = await waitingAt(state);
    expect(await terminate(world)).toMatchObject({ kind: 'ending', deployment: { cancelledBy: 'bob' } });
    expect(await terminate(world, 'eve')).toMatchObject({ kind: 'ending', deployment: { cancelledBy: 'bob' } });
    await world.goOnUntil(async () => false);
    await expectTerminated(world);
    expect(await terminate(world, 'eve')).toEqual({ kind: 'ended', deployment: await world.deployment() });
    const { executionArn = '' } = await world.deployment();
    expect(await world.cloud.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'TERMINATED' });
  },
);

test.each(waiting)('and so it does when its execution is stopped in the console as well: %s', async (state) => {
  await using world = await waitingAt(state);
  await terminate(world);
  const { executionArn = '' } = await world.deployment();
  await world.cloud.client.send(new StopExecutionCommand({ executionArn }));
  await world.goOnUntil(async () => false);
  await expectTerminated(world);
});

test('both sides of a plan that does two things at once come to rest before the end', async () => {
  await using world = await openMachineWorld({ ...full, mode: 'PARALLEL' });
  await world.goOnUntil(async () => (await world.waiting()).size === 2);
  await terminate(world);
  await world.goOnUntil(async () => false);
  await expectTerminated(world);
  expect((await world.deployment()).steps).toMatchObject({
    CFUpsert: { status: 'FAILED', reason: { code: 'Interrupted' } },
    'PGMigrate.main': { status: 'FAILED', reason: { code: 'Interrupted' } },
    Rest: { status: 'DONE' },
  });
  expect(await world.ports.stacks.find(world.ids.stackName)).toMatchObject({ status: 'AVAILABLE' });
});
