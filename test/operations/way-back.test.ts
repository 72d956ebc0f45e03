import { expect, test } from '@jest/globals';
import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { settleDeployment } from '../../functions/operations/settle-deployment.ts';
import { wayBack } from '../../functions/operations/way-back.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import { aRelease, claimedDeployment, memorySlipway, storeEvaluation } from '../support/memory-slipway.ts';

interface Wreck {
  /** Desired counts from before a ScaleDown. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Migrations that the failed deployment has applied. */
  readonly migrated?: boolean;
}

/** A deployment whose update failed, and whose rollback failed too. */
const wreck = async ({ counts = {}, migrated = false }: Wreck = {}) => {
  const events: AwsEvent[] = [];
  const begun: string[] = [];
  const slipway = await memorySlipway({
    onEvent: (event) => events.push(event),
    onStack: (kind) => begun.push(kind),
  });
  const { ports, machines, stacks } = slipway;
  const ids = await claimedDeployment(slipway);
  const { deploymentId, stackName, fence } = ids;
  if (Object.keys(counts).length > 0)
    await ports.stacks.apply(stackName, { type: 'CountsRead', deploymentId, fence, counts });
  const { arn: executionArn } = await machines.port.start('deployment', 'd-1-1', ids);
  await ports.deployments.apply(deploymentId, { type: 'StackWaitStarted', executionArn });
  await storeEvaluation(slipway, ids, 1);
  await ports.deployments.putStep(deploymentId, fence, { name: 'InfraMigrate', status: 'FAILED', startedAt: '1' });
  if (migrated) {
    (slipway.tasks.applied as string[]).push(
      ...aRelease(1).databases.flatMap(({ migrations }) => migrations.files.map(({ id }) => id)),
    );
    await ports.deployments.putStep(deploymentId, fence, { name: 'PGMigrate.main', status: 'DONE', startedAt: '1' });
  }
  const aws = ports.inCluster({ name: 'main' } as never);
  await aws.stacks.createEmpty(stackName, 'made-before');
  for (const end of stacks.underWay()) end();
  const { id } = await aws.stacks.prepare({ stackName, name: 'n', templateUrl: 'url', parameters: {}, token: 'n' });
  await aws.stacks.execute(id, 'n');
  stacks.rollbackFails(stackName);
  begun.length = 0;
  const execution = machines.executions[0] as FakeExecution;
  return {
    ...slipway,
    begun,
    ids,
    /** One attempt of the state: what it answered, once what it began came to `end`. */
    attempt: async (end: (stackName: string) => void, given = ports) => {
      const { taskToken, end: answer } = machines.await(execution);
      const answered: { end?: unknown } = {};
      void answer.then((given) => Object.assign(answered, { end: given }));
      await wayBack(given, { ...ids, taskToken });
      end(stackName);
      for (const event of events.splice(0)) await completeCallback(ports, event);
      await new Promise(setImmediate);
      return answered.end;
    },
    ended: () => {
      for (const end of stacks.underWay()) end();
    },
    step: async () => (await ports.deployments.find(deploymentId))?.steps['WayBack'],
    left: async () => {
      await settleDeployment(ports, { ...ids, end: 'FAILED' });
      return (await ports.stacks.find(stackName))?.broken;
    },
  };
};

test('after a downtime the rollback is continued first, then the services are scaled up', async () => {
  const slipway = await wreck({ counts: { web: 2 } });
  expect(await slipway.attempt(slipway.ended)).toMatchObject({ ok: false, error: 'RollbackContinued' });
  expect(slipway.begun).toEqual([]);
  expect(await slipway.attempt(slipway.ended)).toEqual({ ok: true, output: { status: 'UPDATE_COMPLETE' } });
  expect(slipway.begun).toEqual(['update']);
  expect(await slipway.step()).toMatchObject({ status: 'DONE', outputs: { status: 'UPDATE_COMPLETE' } });
});

test('where the database has moved the rollback is continued, and the services stay down', async () => {
  const slipway = await wreck({ counts: { web: 2 }, migrated: true });
  expect(await slipway.attempt(slipway.ended)).toMatchObject({ ok: false, error: 'RollbackContinued' });
  expect(await slipway.attempt(slipway.ended)).toMatchObject({
    ok: true,
    output: { decision: 'stay-down', left: expect.arrayContaining(['Database main has the new schema']) },
  });
  expect(slipway.begun).toEqual([]);
});

test('where nothing was scaled down nothing more is done', async () => {
  const slipway = await wreck();
  expect(await slipway.attempt(slipway.ended)).toMatchObject({ ok: false, error: 'RollbackContinued' });
  expect(await slipway.attempt(slipway.ended)).toEqual({ ok: true, output: { decision: 'nothing', left: [] } });
});

test('a rollback that fails again ends the way back, names the resource, and needs an operator', async () => {
  const slipway = await wreck({ counts: { web: 2 } });
  expect(await slipway.attempt(slipway.stacks.rollbackFails)).toMatchObject({
    ok: false,
    error: 'StackFailed',
    cause: expect.stringContaining('ended UPDATE_ROLLBACK_FAILED: Service (AWS::ECS::Service)'),
  });
  expect(await slipway.step()).toMatchObject({ status: 'FAILED', reason: { code: 'StackFailed' } });
  expect(await slipway.left()).toMatchObject({ operatorNeeded: true });
});

test('a database that does not answer keeps no rollback from being continued', async () => {
  const slipway = await wreck({ counts: { web: 2 }, migrated: true });
  const aws = slipway.ports.inCluster({ name: 'main' } as never);
  const mute = async () => {
    throw new Error('no answer');
  };
  const deaf = { ...slipway.ports, inCluster: () => ({ ...aws, sql: { run: mute } }) };
  expect(await slipway.attempt(slipway.ended, deaf)).toMatchObject({ ok: false, error: 'RollbackContinued' });
});

test('a stack that somebody deletes while its rollback is continued ends the wait at once, and nothing is scaled up', async () => {
  const slipway = await wreck({ counts: { web: 2 } });
  expect(await slipway.attempt(slipway.stacks.vanish)).toMatchObject({
    ok: false,
    error: 'StackFailed',
    cause: 'Stack prod-shop ended DELETE_COMPLETE: Somebody deleted the stack',
  });
});
