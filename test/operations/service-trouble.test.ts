import { expect, test } from '@jest/globals';
import type { Callback } from '../../functions/domain/callback.ts';
import { serviceTrouble } from '../../functions/operations/service-trouble.ts';
import type { EcsTask, LogPlace } from '../../functions/ports.ts';
import { fakeTasks } from '../support/fake-tasks.ts';

const callback: Callback = {
  ...{ token: 't1', taskToken: 'tt', deploymentId: 'd-1', stackName: 'dev-eu-shop', environment: 'dev-eu', fence: 1 },
  ...{ step: 'VersionMigrate', attempt: 1, status: 'CALLED', waitsFor: { kind: 'stack-operation', goal: 'UPDATE' } },
  ...{ createdAt: '2026-08-01T10:00:00.000Z', touchedAt: '2026-08-01T10:00:00.000Z' },
};
const service = { logicalId: 'ECSServiceMain', type: 'AWS::ECS::Service', physicalId: 'service/main', reason: 'no' };

const stopped = (more: Partial<EcsTask>): EcsTask => ({
  arn: 'task/1',
  family: 'dev-eu-shop_main',
  stopped: true,
  stoppedAt: '2026-08-01T10:01:00.000Z',
  containers: [{ name: 'app' }],
  ...more,
});

const troubleOf = async (tasks: readonly EcsTask[], failure = service) => {
  const asked: LogPlace[] = [];
  const { port } = fakeTasks({ emit: () => {}, migrationsOf: () => [] });
  const logTail = async (place: LogPlace) => {
    asked.push(place);
    return ['no such planet'];
  };
  const trouble = await serviceTrouble(
    { tasks: { ...port, stoppedOf: async () => tasks, logTail } },
    callback,
    failure,
  );
  return { trouble, asked };
};

test('a container that ended is named with its exit code and the end of its log', async () => {
  const task = stopped({
    stopCode: 'EssentialContainerExited',
    containers: [
      { name: 'sidecar', exitCode: 0 },
      { name: 'app', exitCode: 3 },
    ],
  });
  const { trouble, asked } = await troubleOf([task]);
  expect(trouble).toBe('container app of its newest task ended with exit code 3\nno such planet');
  expect(asked).toEqual([{ container: 'app', logGroup: 'ecs/dev-eu/shop/app', prefix: 'main' }]);
});

test('a task that did not start says why, in the words of ECS', async () => {
  const reason = 'CannotPullContainerError: shop@sha256:1: not found';
  const byContainer = stopped({ stopCode: 'TaskFailedToStart', containers: [{ name: 'app', reason }] });
  expect((await troubleOf([byContainer])).trouble).toBe(`its newest task did not start: ${reason}`);
  const byTask = stopped({ stopCode: 'TaskFailedToStart', stoppedReason: 'ResourceInitializationError: no secret' });
  expect((await troubleOf([byTask])).trouble).toMatch(/did not start: ResourceInitializationError: no secret$/);
});

test('the newest task that was given up is told, not one that made room or stopped before', async () => {
  const room = stopped({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by x' });
  const before = stopped({ stopCode: 'TaskFailedToStart', stoppedAt: '2026-08-01T09:59:00.000Z' });
  expect((await troubleOf([room, before])).trouble).toBeUndefined();
  const sick = stopped({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Task failed ELB health checks in (target-group x)',
  });
  expect((await troubleOf([room, sick, before])).trouble).toMatch(/Task failed ELB health checks/);
});

test('of anything but a service there is nothing to tell', async () => {
  const task = stopped({ stopCode: 'TaskFailedToStart' });
  expect((await troubleOf([task], { ...service, type: 'AWS::SNS::Topic' })).trouble).toBeUndefined();
});

test('a log that may not be read is said and keeps nothing from its end', async () => {
  const { port } = fakeTasks({ emit: () => {}, migrationsOf: () => [] });
  const task = stopped({ stopCode: 'EssentialContainerExited', containers: [{ name: 'app', exitCode: 3 }] });
  const logTail = () => Promise.reject(new Error('not authorized'));
  expect(
    await serviceTrouble({ tasks: { ...port, stoppedOf: async () => [task], logTail } }, callback, service),
  ).toMatch(/exit code 3\nIts log ecs\/dev-eu\/shop\/app could not be read: not authorized$/);
});
