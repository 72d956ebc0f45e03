import { expect, test } from '@jest/globals';
import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { pgMigrate } from '../../functions/operations/pg-migrate.ts';
import { rest } from '../../functions/operations/rest.ts';
import { runWaitingStep } from '../../functions/operations/run-waiting-step.ts';
import { stackWait } from '../../functions/operations/stack-wait.ts';
import { wayBack } from '../../functions/operations/way-back.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import { claimedDeployment, memorySlipway, storeEvaluation } from '../support/memory-slipway.ts';

/** A deployment with a migration and an update under way. */
const halfWay = async () => {
  const events: AwsEvent[] = [];
  const begun: string[] = [];
  const slipway = await memorySlipway({
    onEvent: (event) => events.push(event),
    onStack: (kind) => begun.push(kind),
    onTask: () => begun.push('task'),
  });
  const { ports, machines, stacks, tasks } = slipway;
  const ids = await claimedDeployment(slipway);
  await storeEvaluation(slipway, ids, 1);
  await machines.port.start('deployment', 'd-1-1', ids);
  const execution = machines.executions[0] as FakeExecution;
  const attempt = () => {
    const { taskToken, end } = machines.await(execution);
    const answered: { end?: unknown } = {};
    void end.then((answer) => Object.assign(answered, { end: answer }));
    return { input: { ...ids, taskToken }, answered };
  };
  const aws = ports.inCluster({ name: 'main' } as never);
  await aws.stacks.createEmpty('prod-shop', 'made-before');
  for (const end of stacks.underWay()) end();
  const [migrating, updating] = [attempt(), attempt()];
  await pgMigrate(ports, { ...migrating.input, database: 'main' });
  await runWaitingStep(ports, updating.input, {
    word: 'InfraMigrate',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: async ({ aws: { stacks: cloudFormation } }, token) => {
      const request = { stackName: 'prod-shop', name: token, templateUrl: 'url', parameters: {}, token };
      await cloudFormation.execute((await cloudFormation.prepare(request)).id, token);
      return 'called';
    },
  });
  return {
    ...slipway,
    begun,
    attempt,
    migrating,
    updating,
    end: () => {
      for (const end of [...stacks.underWay(), ...tasks.underWay()]) end();
    },
    tell: async () => {
      for (const event of events.splice(0)) await completeCallback(ports, event);
    },
    steps: async () => (await ports.deployments.find(ids.deploymentId))?.steps ?? {},
  };
};

test('what is under way is stopped and cancelled, and the end waits for both', async () => {
  const slipway = await halfWay();
  const { input, answered } = slipway.attempt();
  await rest(slipway.ports, input);
  expect(slipway.begun).toEqual(['create', 'task', 'update', 'rollback']);
  const [endUpdate] = slipway.stacks.underWay();
  endUpdate?.();
  await slipway.tell();
  expect(answered.end).toBeUndefined();
  slipway.end();
  await slipway.tell();
  const undone = ['InfraMigrate'];
  expect(answered.end).toEqual({ ok: true, output: { stack: 'UPDATE_ROLLBACK_COMPLETE', undone } });
  expect(slipway.tasks.applied).toEqual([]);
});

test('an update that CloudFormation does not cancel any more is waited for, and named', async () => {
  const slipway = await halfWay();
  const { ports } = slipway;
  const aws = ports.inCluster({ name: 'main' } as never);
  const stubborn = { ...aws, stacks: { ...aws.stacks, cancelUpdate: async () => false } };
  const { input, answered } = slipway.attempt();
  await rest({ ...ports, inCluster: () => stubborn }, input);
  slipway.end();
  await slipway.tell();
  expect(answered.end).toEqual({ ok: true, output: { stack: 'UPDATE_COMPLETE', finished: ['InfraMigrate'] } });
});

test('what is under way is found by the recorded steps, though the index of open callbacks does not show it yet', async () => {
  const slipway = await halfWay();
  const { ports } = slipway;
  const callbacks = { ...ports.callbacks, listOpenBySubject: async () => [] };
  await rest({ ...ports, callbacks }, slipway.attempt().input);
  expect(slipway.begun).toEqual(['create', 'task', 'update', 'rollback']);
});

test('a deployment that had only waited for the stack does not wait for what others do to it', async () => {
  const slipway = await memorySlipway();
  const { ports, machines } = slipway;
  const ids = await claimedDeployment(slipway);
  await ports.inCluster({ name: 'main' } as never).stacks.createEmpty('prod-shop', 'somebody');
  await machines.port.start('deployment', 'd-1-1', ids);
  const attempt = () => machines.await(machines.executions[0] as FakeExecution);
  const [waiting, resting] = [attempt(), attempt()];
  await stackWait(ports, { ...ids, taskToken: waiting.taskToken, executionArn: 'arn' });
  await rest(ports, { ...ids, taskToken: resting.taskToken });
  expect(await waiting.end).toMatchObject({ ok: false, error: 'Cancelled' });
  expect(await resting.end).toEqual({ ok: true, output: { stack: 'not touched' } });
});

test('whatever still waits is told that it was cancelled, and its step says that it was interrupted', async () => {
  const slipway = await halfWay();
  await rest(slipway.ports, slipway.attempt().input);
  for (const { answered } of [slipway.migrating, slipway.updating])
    expect(answered.end).toMatchObject({ ok: false, error: 'Cancelled' });
  expect(await slipway.steps()).toMatchObject({
    'PGMigrate.main': { status: 'FAILED', reason: { code: 'Interrupted', step: 'PGMigrate.main' } },
    InfraMigrate: { status: 'FAILED', reason: { code: 'Interrupted' } },
  });
  expect((await slipway.ports.callbacks.listOpen()).map(({ step }) => step)).toEqual(['Rest']);
});

test('killed after it had stopped everything, it still waits for what it stopped', async () => {
  const slipway = await halfWay();
  const { ports } = slipway;
  const [killed, again] = [slipway.attempt(), slipway.attempt()];
  const markCalled = async () => {
    throw new Error('killed');
  };
  await expect(rest({ ...ports, callbacks: { ...ports.callbacks, markCalled } }, killed.input)).rejects.toThrow(
    'killed',
  );
  await rest(ports, again.input);
  expect(again.answered.end).toBeUndefined();
  slipway.end();
  await slipway.tell();
  expect(again.answered.end).toMatchObject({ ok: true });
});

test('a session that a stopped migrator left at work on the server is ended before the deployment is', async () => {
  const slipway = await halfWay();
  const { ports } = slipway;
  const said: string[] = [];
  const aws = ports.inCluster({ name: 'main' } as never);
  const watching = {
    ...aws,
    sql: {
      run: async (...given: Parameters<typeof aws.sql.run>) => {
        said.push(...given[1].map(({ text }) => text));
        return aws.sql.run(...given);
      },
    },
  };
  const { input, answered } = slipway.attempt();
  await rest(ports, input);
  slipway.end();
  await rest({ ...ports, inCluster: () => watching }, { ...input, taskToken: slipway.attempt().input.taskToken });
  expect(said).toEqual([expect.stringContaining('pg_terminate_backend')]);
  expect(answered.end).toBeUndefined();
});

test('a rollback that failed is continued once, also when the step is called again', async () => {
  const slipway = await halfWay();
  const { ports } = slipway;
  await rest(ports, slipway.attempt().input);
  slipway.end();
  await slipway.tell();
  const continued: string[] = [];
  const aws = ports.inCluster({ name: 'main' } as never);
  const stuck = {
    ...aws,
    stacks: {
      ...aws.stacks,
      find: async () => ({ ...(await aws.stacks.find('prod-shop')), rollbackFailed: continued.length === 0 }) as never,
      continueRollback: async (name: string, token: string) => {
        continued.push(token);
        await aws.stacks.continueRollback(name, token);
      },
    },
  };
  const [first, second] = [slipway.attempt(), slipway.attempt()];
  await wayBack({ ...ports, inCluster: () => stuck }, first.input);
  await wayBack({ ...ports, inCluster: () => stuck }, second.input);
  expect(continued).toHaveLength(1);
  expect(second.answered.end).toBeUndefined();
  slipway.end();
  await slipway.tell();
  expect(second.answered.end).toMatchObject({ ok: false, error: 'RollbackContinued' });
});
