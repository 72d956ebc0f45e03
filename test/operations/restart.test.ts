import { expect, test } from '@jest/globals';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { restart } from '../../functions/operations/restart.ts';
import type { ClusterPorts, EcsTask, Rollout } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

/** Two services, each with one deployment whose one task runs; a forced deployment brings a task of its own. */
const started = async () => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { deployment: { strategy: 'rotate-credentials' } });
  await slipway.ports.machines.start('deployment', 'd-1-1', {});
  const [execution] = slipway.machines.executions;
  if (!execution) throw new Error('the execution was not started');
  const rollouts: Rollout[] = ['main', 'worker'].map((name) => ({
    serviceArn: `arn:aws:ecs:eu-central-1:000000000000:service/main/prod-shop-${name}`,
    id: `ecs-svc/${name}-1`,
    primary: true,
    failed: false,
  }));
  const tasks: Record<string, EcsTask[]> = Object.fromEntries(
    rollouts.map(({ id }) => [id, [{ arn: `task of ${id}`, stopped: false, containers: [] }]]),
  );
  const forced: string[] = [];
  /** Thrown once, before the n-th call of restart. */
  let killedBefore = Number.NaN;
  const aws = slipway.ports.inCluster(sampleCluster());
  const cluster: ClusterPorts = {
    ...aws,
    stacks: {
      ...aws.stacks,
      resources: async () =>
        Object.fromEntries(
          rollouts.map(({ serviceArn }, index) => [
            `Service${index}`,
            { type: 'AWS::ECS::Service', physicalId: serviceArn },
          ]),
        ),
    },
    tasks: {
      ...aws.tasks,
      rollouts: async (arns) => rollouts.filter(({ serviceArn }) => arns.includes(serviceArn)),
      startedBy: async (id) => tasks[id] ?? [],
      restart: async (serviceArn) => {
        if (forced.length === killedBefore) {
          killedBefore = Number.NaN;
          throw new Error('killed');
        }
        forced.push(serviceArn);
        const [old] = rollouts.splice(
          rollouts.findIndex((each) => each.serviceArn === serviceArn),
          1,
        );
        const id = `${old?.id.replace(/-\d+$/, '')}-${forced.length + 1}`;
        rollouts.push({ serviceArn, id, primary: true, failed: false }, { ...old, primary: false } as Rollout);
        tasks[id] = [{ arn: `task of ${id}`, stopped: false, containers: [] }];
      },
    },
  };
  const ports = { ...slipway.ports, inCluster: () => cluster };
  const attempt = async () => {
    const { taskToken, end } = slipway.machines.await(execution);
    const answered: { end?: unknown } = {};
    void end.then((outcome) => {
      answered.end = outcome;
    });
    await restart(ports, { ...input, taskToken });
    await new Promise(setImmediate);
    return answered;
  };
  return {
    ports,
    rollouts,
    forced,
    attempt,
    kill: (before: number) => {
      killedBefore = before;
    },
    /** The old task of a service stops, and ECS says so. */
    stops: async (name: string) => {
      const old = tasks[`ecs-svc/${name}-1`] ?? [];
      tasks[`ecs-svc/${name}-1`] = old.map((task) => ({ ...task, stopped: true }));
      await completeCallback(ports, {
        source: 'aws.ecs',
        'detail-type': 'ECS Task State Change',
        detail: { lastStatus: 'STOPPED', startedBy: `ecs-svc/${name}-1`, group: `service:prod-shop-${name}` },
      });
      await new Promise(setImmediate);
    },
    step: async () => (await ports.deployments.find(input.deploymentId))?.steps['Restart'],
  };
};

test('every service is restarted once, and the step ends when the last old task has stopped', async () => {
  const world = await started();
  const answered = await world.attempt();
  expect(world.forced).toHaveLength(2);
  expect(answered.end).toBeUndefined();
  await world.stops('main');
  expect(answered.end).toBeUndefined();
  await world.stops('worker');
  expect(answered.end).toMatchObject({ ok: true, output: { services: 2 } });
  expect(await world.step()).toMatchObject({ status: 'DONE' });
});

test.each([0, 1])('killed before call %i, it restarts the rest and none of the services twice', async (before) => {
  const world = await started();
  world.kill(before);
  await expect(world.attempt()).rejects.toThrow('killed');
  expect(world.forced).toHaveLength(before);
  const answered = await world.attempt();
  expect(new Set(world.forced).size).toBe(2);
  expect(world.forced).toHaveLength(2);
  await world.stops('main');
  await world.stops('worker');
  expect(answered.end).toMatchObject({ ok: true });
});

test('called again after everything was restarted, it restarts nothing', async () => {
  const world = await started();
  await world.attempt();
  await world.attempt();
  expect(world.forced).toHaveLength(2);
});

test('a service whose new tasks ECS gives up on ends the step, and the old ones serve on', async () => {
  const world = await started();
  const answered = await world.attempt();
  const [index] = [world.rollouts.findIndex(({ primary, id }) => primary && id.startsWith('ecs-svc/worker'))];
  world.rollouts[index] = { ...(world.rollouts[index] as Rollout), failed: true };
  await world.stops('main');
  expect(answered.end).toMatchObject({ ok: false, error: 'RestartFailed' });
  expect(await world.step()).toMatchObject({
    status: 'FAILED',
    reason: {
      code: 'RestartFailed',
      message: expect.stringContaining('prod-shop-worker'),
      left: expect.stringContaining('old tasks still serve'),
    },
  });
});

test('a deployment of ECS that had failed before is none of ours', async () => {
  const world = await started();
  world.rollouts[0] = { ...(world.rollouts[0] as Rollout), failed: true };
  const answered = await world.attempt();
  await world.stops('main');
  await world.stops('worker');
  expect(answered.end).toMatchObject({ ok: true });
});
