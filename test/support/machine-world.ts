import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { stepFunctionsMachines } from '../../functions/adapters/aws/machines.ts';
import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import type { Callback } from '../../functions/domain/callback.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { dispatchStack } from '../../functions/operations/dispatch-stack.ts';
import type { StepInput } from '../../functions/operations/step-context.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import { deployment as deploymentMachine } from '../../statemachines/deployment.asl.ts';
import { type Cloud, openCloud, ROLE } from '../local/sfn/support/cloud.ts';
import { deployed } from './machine-states.ts';
import { claimedDeployment, type MemoryPorts, type MemorySlipway, memorySlipway } from './memory-slipway.ts';
import { createStack, madeBefore, routeClouds, template } from './route-clouds.ts';
import { invoke, type Route } from './route-functions.ts';

/** The real deployment machine on the embedded engine, with the real operations over the stores and clouds in memory. */
export interface MachineWorld extends AsyncDisposable {
  readonly slipway: MemorySlipway;
  /** Those of the memory, with the embedded Step Functions. */
  readonly ports: MemoryPorts;
  readonly ids: StepInput;
  readonly cloud: Cloud;
  /** What this deployment had at work outside when its end was written, or has now. */
  leftAtWork(): readonly string[];
  deployment(): Promise<Deployment>;
  /** The states that wait, once their call was made, with the callback that will end each. */
  waiting(): Promise<ReadonlyMap<string, Callback>>;
  /** Lets one thing after the other happen until this holds; false when deployment and execution have ended without it. */
  goOnUntil(holds: () => Promise<boolean>): Promise<boolean>;
}

const SOMEBODY = 'somebody';

/** So often something happens in the longest of these deployments, and more. */
const MOST_TURNS = 400;

export const openMachineWorld = async (route: Route): Promise<MachineWorld> => {
  const events: AwsEvent[] = [];
  const left: string[] = [];
  let atWork = 0;
  let mover = '';
  const slipway = await memorySlipway({
    onEvent: (event) => events.push(event),
    onStack: (_kind, token) => {
      mover = token;
    },
  });
  const outside = () => [
    ...slipway.tasks.running(),
    ...(mover === SOMEBODY ? [] : slipway.stacks.underWay().map(() => mover)),
  ];
  const clouds = routeClouds(slipway.ports.inCluster({ name: 'main' } as never));
  const cloud = await openCloud({
    invoke: async (arn, text) => {
      atWork += 1;
      try {
        return await invoke(ports, route, arn.split(':').at(-1) ?? '', JSON.parse(text));
      } finally {
        atWork -= 1;
      }
    },
  });
  const { stateMachineArn = '' } = await cloud.client.send(
    new CreateStateMachineCommand({
      name: 'deployment',
      definition: JSON.stringify(deployed(deploymentMachine)),
      roleArn: ROLE,
    }),
  );
  const ports: MemoryPorts = {
    ...watched(slipway, () => left.push(...outside())),
    machines: stepFunctionsMachines(cloud.client, { deployment: stateMachineArn }),
    inCluster: () => clouds.aws,
  };
  const ids = await claimedDeployment(slipway, 1, {
    deployment: { strategy: route.strategy },
    release: {
      template,
      parameters: route.parameters ?? [{ kind: 'desiredCount', name: 'DesiredCountMain', runtime: 'main', initial: 1 }],
    },
  });
  if (route.strategy !== 'full') await madeBefore(slipway);
  if (route.busy) await createStack(slipway, SOMEBODY);
  await dispatchStack(ports, ids);

  const deployment = async () => (await ports.deployments.find(ids.deploymentId)) as Deployment;
  const turn = async () => {
    await cloud.clock.advance(0);
    do await new Promise((resolve) => setImmediate(resolve));
    while (atWork > 0);
  };
  /** A thing that happens outside: an event arrives, or something under way ends. When nothing can: a minute passes. */
  const happens = async () => {
    const event = events.shift();
    const [end] = [...slipway.tasks.underWay(), ...slipway.stacks.underWay()];
    if (event) return completeCallback(ports, event);
    if (end) return end();
    if (clouds.roll()) return;
    for (const { waitsFor, deploymentId } of await ports.callbacks.listOpen())
      if (waitsFor.kind === 'approval') {
        await approveDeployment(ports, { deploymentId, hash: waitsFor.planHash, actor: 'alice', granted: true });
        return;
      }
    await cloud.clock.advance(61_000);
    await sweep(ports);
  };
  return {
    slipway,
    ports,
    ids,
    cloud,
    leftAtWork: () => [...left, ...outside()],
    deployment,
    waiting: async () => {
      const called = (await ports.callbacks.listOpen()).filter(({ status }) => status === 'CALLED');
      if (called.length === 0) return new Map();
      const inside = await statesInside(cloud, await deployment());
      const stateOf = ({ step }: Callback) => inside.find((state) => word(state) === word(step));
      return new Map(called.flatMap((callback) => pairs(stateOf(callback), callback)));
    },
    goOnUntil: async (holds) => {
      for (let turns = 0; turns < MOST_TURNS; turns++) {
        await turn();
        if (await holds()) return true;
        if (await isOver(cloud, await deployment())) return false;
        await happens();
      }
      throw new Error(`Nothing more happens: ${JSON.stringify(await deployment(), undefined, 1)}`);
    },
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
};

const isOver = async (cloud: Cloud, { status, executionArn = '' }: Deployment): Promise<boolean> =>
  isEnded(status) && (await cloud.describe(executionArn)).status !== 'RUNNING';

/** `PGMigrate` of `PGMigrate-before` and of `PGMigrate.main`. */
const word = (name: string): string => name.replace(/[-.].*$/, '');

const pairs = (state: string | undefined, callback: Callback) => (state ? [[state, callback] as const] : []);

/** The states that the execution has entered and not left. */
const statesInside = async (cloud: Cloud, { executionArn }: Deployment): Promise<readonly string[]> => {
  const inside = new Set<string>();
  for (const event of executionArn ? await cloud.history(executionArn) : []) {
    inside.add(event.stateEnteredEventDetails?.name ?? '');
    inside.delete(event.stateExitedEventDetails?.name ?? '');
  }
  return [...inside];
};

/** Says when a deployment's end is written. */
const watched = ({ ports }: MemorySlipway, onEnd: () => void): MemoryPorts => ({
  ...ports,
  deployments: {
    ...ports.deployments,
    apply: async (id, event) => {
      const written = await ports.deployments.apply(id, event);
      if (written.kind === 'moved' && isEnded(written.record.status)) onEnd();
      return written;
    },
  },
});
