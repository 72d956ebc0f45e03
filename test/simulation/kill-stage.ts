import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import type { Json, JsonObject } from '../../infra/local/sfn/data/json.ts';
import type { Machine } from '../../infra/local/sfn/definition.ts';
import { StateFailure } from '../../infra/local/sfn/failure.ts';
import { deployment as deploymentMachine } from '../../statemachines/deployment.asl.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import { type MemorySlipway, memorySlipway, repository } from '../support/memory-slipway.ts';
import { killClouds } from './kill-clouds.ts';
import { killFunctions, type Operation } from './kill-functions.ts';
import { prepareRoute, STACK, templateUrlOf } from './kill-releases.ts';
import type { KillRoute } from './kill-routes.ts';
import { killWatch } from './kill-watch.ts';
import { runMachine } from './machine-run.ts';
import type { CallStrike } from './struck-ports.ts';
import { timeline } from './timeline.ts';

/** What becomes of one event on its way. */
export interface EventStrike {
  readonly event: number;
  readonly fate: 'lost' | 'doubled' | 'late';
}

export interface Strikes {
  readonly call?: CallStrike;
  readonly event?: EventStrike;
}

/** How long things outside take, so that sweeps fall in between. */
const STACK_MILLIS = 17_300;
const TASK_MILLIS = 29_100;
/** So late that a sweep comes first. */
const LATE_MILLIS = 70_000;

/** Everything that a route needs: the stores and the clouds in memory, the real operations, the real machine. */
export const openStage = async (
  route: KillRoute,
  operations: ReadonlyMap<string, Operation>,
  { call, event: struck }: Strikes,
) => {
  const watch = killWatch();
  const inbox: AwsEvent[] = [];
  const now = { begun: false, asked: false, second: '', secondBegan: false, events: 0 };
  const time = timeline((millis) => slipway.advance(millis));

  const arrive = (event: AwsEvent) => {
    if (!now.begun || route.deaf) return;
    const fate = struck?.event === now.events++ ? struck.fate : undefined;
    if (fate === 'late') time.at(LATE_MILLIS, () => inbox.push(event));
    else if (fate !== 'lost') inbox.push(event);
    if (fate === 'doubled') inbox.push(event);
  };

  const slipway: MemorySlipway = await memorySlipway({
    environment: { approval: route.approval ? 'always' : 'never' },
    fate: () => (route.fails === 'migration' ? 'fails' : 'applies'),
    fails: (url) => route.fails === 'update' && url === templateUrlOf(1),
    onEvent: arrive,
    onStack: (kind, token) => {
      watch.onStack(token);
      if (now.begun) watch.onBegin(slipway, kind, token);
      time.at(STACK_MILLIS, () => slipway.stacks.underWay()[0]?.());
    },
    onTask: (token) => {
      watch.onTask(slipway);
      watch.onBegin(slipway, 'task', token);
      time.at(TASK_MILLIS, () => slipway.tasks.underWay()[slipway.tasks.running().indexOf(token)]?.());
    },
    onStart: (execution) => void run(execution),
  });
  const clouds = killClouds(slipway, () =>
    time.at(STACK_MILLIS, () => {
      if (clouds.roll()) arrive(aTaskStopped);
    }),
  );
  const ports = {
    ...slipway.ports,
    ...watch.watching(slipway),
    inCluster: () => clouds.aws,
    password: clouds.password,
    parseSql: async () => ({ kind: 'parsed' as const, statements: [] }),
  };
  const functions = killFunctions({
    ports,
    operations,
    strike: call,
    sleep: time.sleep,
    counts: ({ deploymentId, request }) =>
      !now.secondBegan &&
      (deploymentId === undefined || deploymentId !== now.second) &&
      (request as JsonObject | undefined)?.['id'] !== 'two',
  });

  const run = async (execution: FakeExecution) => {
    const input = execution.input as JsonObject;
    if (input['deploymentId'] === now.second) now.secondBegan = true;
    const ended = runMachine(deploymentMachine as Machine, input, {
      executionArn: execution.arn,
      invoke: functions.invoke,
      sleep: time.sleep,
      token: () => tokenOf(slipway, execution),
    });
    execution.status = await ended.then(
      () => 'SUCCEEDED',
      () => 'FAILED',
    );
    // The rule for executions that ended badly.
    if (execution.status === 'FAILED') functions.attempt('Sweep', { stackName: STACK });
  };

  const ask = async (id: string, n: number, more: object) => {
    const request = { id, kind: 'manual', repository, commit: `v${n}`, actor: 'alice', confirm: STACK, ...more };
    const target = { environment: 'prod' };
    const { deploymentId } = await functions.persist('AcceptDeployment', {
      request,
      target,
      release: `r${n}`,
      application: 'shop',
    });
    return String(deploymentId);
  };

  await prepareRoute(slipway, { ...ports, deployments: slipway.ports.deployments }, clouds, route);
  now.begun = true;
  return {
    watch,
    slipway,
    clouds,
    functions,
    time,
    events: () => now.events,
    /** What the request machine does, for two requests. */
    request: async () => {
      await ask('one', 1, { strategy: route.strategy, ...(route.busy === 'cancelled' && { cancelUpdates: true }) });
      now.second = await ask('two', 2, { strategy: 'infra-only' });
      now.asked = true;
    },
    /** One event arrives; false when none is on its way. */
    deliver: (): boolean => {
      const event = inbox.shift();
      if (event) functions.attempt('CompleteCallback', event);
      return event !== undefined;
    },
    /** A person signs what waits for a signature. */
    approve: async (): Promise<boolean> => {
      if (!route.approval) return false;
      const open = await slipway.ports.callbacks.listOpen();
      for (const { waitsFor, deploymentId, outcome } of open)
        if (waitsFor.kind === 'approval' && !outcome) {
          const signature = { deploymentId, hash: waitsFor.planHash, actor: 'alice', granted: true };
          return (await approveDeployment(ports, signature)).kind === 'answered';
        }
      return false;
    },
    /** An operator has looked at what is broken. */
    resume: async (): Promise<boolean> => {
      if (route.ends !== 'FAILED' || (await slipway.ports.stacks.find(STACK))?.status !== 'BROKEN') return false;
      return (await resumeStack(ports, { stackName: STACK, actor: 'alice' })).kind === 'resumed';
    },
    /** Nothing is queued, held or open. */
    isDrained: async (): Promise<boolean> => {
      if (!now.asked || slipway.machines.executions.some(({ status }) => status === 'RUNNING')) return false;
      const { stacks, deployments, callbacks } = slipway.ports;
      const stack = await stacks.find(STACK);
      if (stack?.current || stack?.queue.length) return false;
      return (await deployments.listOpen()).length === 0 && (await callbacks.listOpen()).length === 0;
    },
  };
};

const aTaskStopped: AwsEvent = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail: { lastStatus: 'STOPPED', group: 'service:prod-shop-main' },
};

const tokenOf = ({ machines }: MemorySlipway, execution: FakeExecution) => {
  const { taskToken, end, forget } = machines.await(execution);
  const answer = end.then((came) => {
    if (came.ok) return came.output as Json;
    throw new StateFailure(came.error, came.cause);
  });
  return { taskToken, end: answer, forget };
};
