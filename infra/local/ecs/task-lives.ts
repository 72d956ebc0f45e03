import type { World } from '../part.ts';
import type { ContainerProcess } from './container-process.ts';
import type { EcsOptions } from './ecs-options.ts';
import type { TaskRecord, TaskTarget } from './ecs-records.ts';
import { freePorts } from './free-ports.ts';
import { type Holder, LifeOver } from './holder.ts';
import { pause } from './pause.ts';
import { unmetDependency, untilUp } from './start-order.ts';
import { type ContainerStart, startContainer } from './task-containers.ts';
import type { TaskCredentials } from './task-credentials.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import { removeFiles } from './task-files.ts';
import { type PreparedContainer, prepareTask } from './task-preparation.ts';
import type { TaskStore, WhyStopped } from './task-store.ts';
import { type TaskSurroundings, takeSurroundings } from './task-surroundings.ts';

interface Context {
  readonly options: EcsOptions;
  readonly tasks: TaskStore;
  readonly definitions: TaskDefinitions;
  readonly holder: Holder;
  readonly credentials: TaskCredentials;
}

/** One task while it lives in this process. */
interface Life {
  readonly arn: string;
  readonly processes: Map<string, ContainerProcess>;
  readonly stopAsked: Promise<void>;
  /** From its start on, until its end. */
  surroundings?: TaskSurroundings;
  askStop(): void;
}

/** Lives of tasks: from PROVISIONING to STOPPED, each status with its event. */
export const taskLives = (world: World, { options, tasks, definitions, holder, credentials }: Context) => {
  const lives = new Map<string, Life>();
  const free = freePorts();

  const stop = (arn: string, why: WhyStopped): TaskRecord => {
    const task = tasks.ask(arn, why);
    lives.get(arn)?.askStop();
    return task;
  };
  const isAskedToStop = (arn: string) => tasks.get(arn).desiredStatus === 'STOPPED';
  const failToStart = (arn: string, container: string, reason: string) => {
    tasks.changeContainer(arn, container, { reason });
    stop(arn, { code: 'TaskFailedToStart', reason });
  };

  const live = async (life: Life) => {
    const { arn } = life;
    await pause(world, 'ecs.provision');
    if (!isAskedToStop(arn)) await pull(life);
    await windDown(life);
  };

  const pull = async (life: Life) => {
    const { arn } = life;
    const task = tasks.move(arn, 'PENDING', { pullStartedAtMillis: world.clock.now() });
    const definition = definitions.get(task.taskDefinitionArn);
    const executionRoleArn = task.overrides.executionRoleArn ?? definition.executionRoleArn;
    const preparation = await prepareTask(definition.containers, options, executionRoleArn);
    await pause(world, 'ecs.pull');
    if (isAskedToStop(arn)) return;
    if (preparation.kind === 'failed') failToStart(arn, preparation.container, preparation.reason);
    else {
      tasks.change(arn, { pullStoppedAtMillis: world.clock.now() });
      const { containers } = preparation;
      const inOrder = { ...definition, containers: containers.map((one) => one.definition) };
      life.surroundings = await takeSurroundings(task, inOrder, { options, free, credentials });
      await run(life, containers, life.surroundings);
    }
  };

  const run = async (life: Life, containers: readonly PreparedContainer[], surroundings: TaskSurroundings) => {
    if (!(await startAll(life, containers, surroundings))) return;
    if (!isAskedToStop(life.arn)) serve(life.arn, surroundings);
    await life.stopAsked;
  };

  /** False when the task has to stop before all of them were started. */
  const startAll = async (life: Life, containers: readonly PreparedContainer[], surroundings: TaskSurroundings) => {
    for (const container of containers) {
      const { name } = container.definition;
      const unmet = await unmetDependency(life, container);
      if (isAskedToStop(life.arn)) return false;
      const start = unmet
        ? ({ kind: 'failed', reason: unmet } as const)
        : await startOne(life, container, surroundings);
      if (start.kind === 'failed') {
        failToStart(life.arn, name, start.reason);
        return false;
      }
    }
    return true;
  };

  const startOne = async (
    life: Life,
    container: PreparedContainer,
    surroundings: TaskSurroundings,
  ): Promise<ContainerStart> => {
    const start = await startContainer({ world, options, tasks, surroundings }, tasks.get(life.arn), container);
    if (start.kind === 'failed') return start;
    life.processes.set(container.definition.name, start.process);
    if (container.definition.essential) void start.process.ended.then(() => essentialEnded(life));
    await untilUp(life, container);
    return start;
  };

  const essentialEnded = (life: Life) => {
    if (holder.holds())
      stop(life.arn, { code: 'EssentialContainerExited', reason: 'Essential container in task exited' });
  };

  const serve = (arn: string, { ports }: TaskSurroundings) => {
    const targets = tasks.get(arn).loadBalancers.flatMap(({ targetGroupArn, containerName, containerPort }) => {
      const port = ports.of(containerName).find((one) => one.containerPort === containerPort);
      return port ? [{ targetGroupArn, id: '127.0.0.1', port: port.hostPort }] : [];
    });
    for (const { targetGroupArn, ...target } of targets) options.balancer.register(targetGroupArn, target);
    tasks.move(arn, 'RUNNING', { startedAtMillis: world.clock.now(), targets });
  };

  /** A task that never got a process has nothing to deregister or to end. */
  const windDown = async ({ arn, processes }: Life) => {
    if (processes.size) {
      await Promise.all(tasks.move(arn, 'DEACTIVATING').targets.map(leave));
      tasks.move(arn, 'STOPPING');
      await Promise.all([...processes.values()].map((process) => process.stop(world.clock)));
    }
    tasks.move(arn, 'DEPROVISIONING', { executionStoppedAtMillis: world.clock.now() });
    await pause(world, 'ecs.deprovision');
    removeFiles(tasks.get(arn).id, options);
    const containers = tasks.get(arn).containers.map((one) => ({ ...one, lastStatus: 'STOPPED' as const }));
    tasks.move(arn, 'STOPPED', { stoppedAtMillis: world.clock.now(), containers });
  };
  const leave = ({ targetGroupArn, ...target }: TaskTarget) => options.balancer.deregister(targetGroupArn, target);

  const begin = async (arn: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const life: Life = { arn, processes: new Map(), stopAsked: promise, askStop: resolve };
    lives.set(arn, life);
    try {
      await live(life);
    } catch (error) {
      if (!(error instanceof LifeOver) && holder.holds()) await endOfFault(life, error);
    } finally {
      life.surroundings?.give();
      lives.delete(arn);
    }
  };

  /** A fault of the embedded cloud itself still ends the task visibly, with nothing left running. */
  const endOfFault = async (life: Life, error: unknown) => {
    world.log(`ecs: ${life.arn}: ${error instanceof Error ? error.stack : error}`);
    await Promise.all([...life.processes.values()].map((process) => process.kill(0)));
    tasks.ask(life.arn, { code: 'TaskFailedToStart', reason: `InternalError: ${error}` });
    removeFiles(tasks.get(life.arn).id, options);
    tasks.move(life.arn, 'STOPPED', { stoppedAtMillis: world.clock.now() });
  };

  return {
    begin: (arn: string): void => void begin(arn),
    stop,
    /** Ends every process without touching a record: for a cloud that goes down. */
    killAll: async (): Promise<void> => {
      const processes = [...lives.values()].flatMap((life) => [...life.processes.values()]);
      await Promise.all(processes.map((process) => process.kill(FAREWELL_MILLIS)));
    },
  };
};

/** What a process gets to put down its work when the whole cloud goes down. */
const FAREWELL_MILLIS = 1000;

export type TaskLives = ReturnType<typeof taskLives>;
