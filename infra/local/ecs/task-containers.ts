import type { World } from '../part.ts';
import { containerPlan } from './container-plan.ts';
import { type ContainerProcess, startProcess } from './container-process.ts';
import type { EcsOptions } from './ecs-options.ts';
import type { BoundPort, ContainerDefinition, TaskRecord } from './ecs-records.ts';
import { LifeOver } from './holder.ts';
import { identityOf } from './process-mark.ts';
import type { PreparedContainer } from './task-preparation.ts';
import type { TaskStore } from './task-store.ts';
import type { TaskSurroundings } from './task-surroundings.ts';

interface Context {
  readonly world: World;
  readonly options: EcsOptions;
  readonly tasks: TaskStore;
  readonly surroundings: TaskSurroundings;
}

export type ContainerStart =
  | { readonly kind: 'running'; readonly process: ContainerProcess }
  | { readonly kind: 'failed'; readonly reason: string };

/** AWS's default for containers that name none. */
const STOP_TIMEOUT_SECONDS = 30;

/** Starts one container of a task and records what finds it again: its process, its ports, in the end its exit code. */
export const startContainer = async (
  { world, options, tasks, surroundings }: Context,
  task: TaskRecord,
  { definition, image, imageDigest, secrets }: PreparedContainer,
): Promise<ContainerStart> => {
  const bound = surroundings.ports.of(definition.name);
  const { region } = world;
  const { directory, path } = options;
  const { overrides } = task;
  const translate = (text: string) => surroundings.translate(definition, text);
  const { variables, home } = surroundings;
  const given = { definition, overrides, image, secrets, ports: bound, variables, translate };
  const plan = containerPlan({ ...given, region, path, home, directory });
  const start = await startProcess({
    ...plan,
    ...(options.user ? { user: options.user } : {}),
    stopSignal: image.stopSignal,
    stopTimeoutMillis: (definition.stopTimeout ?? STOP_TIMEOUT_SECONDS) * 1000,
    onLines: logOf(definition, task, options),
    onSpawned: (pid) => {
      const process = { pid, identity: identityOf(pid) ?? '' };
      tasks.changeContainer(task.arn, definition.name, {
        process,
        imageDigest,
        ports: mappedIn(definition, bound),
        lastStatus: 'RUNNING',
      });
    },
  });
  if (start.kind === 'failed') return start;
  void start.process.ended.then((exitCode) => recordEnd(tasks, task.arn, definition.name, exitCode));
  return start;
};

/** Ports that only neighbours use are nobody else's to see. */
const mappedIn = ({ portMappings = [] }: ContainerDefinition, bound: readonly BoundPort[]): readonly BoundPort[] =>
  bound.filter((port) => portMappings.some(({ containerPort }) => Number(containerPort) === port.containerPort));

/** A cloud that is going down leaves the record as it is: the next one sees a task that ran when it ended. */
const recordEnd = (tasks: TaskStore, arn: string, name: string, exitCode: number) => {
  try {
    tasks.changeContainer(arn, name, { lastStatus: 'STOPPED', exitCode });
  } catch (error) {
    if (!(error instanceof LifeOver)) throw error;
  }
};

/** The awslogs driver; every other one takes its lines somewhere that does not exist here. */
const logOf = ({ name, logConfiguration }: ContainerDefinition, { id }: TaskRecord, { appendLog }: EcsOptions) => {
  const options = logConfiguration?.logDriver === 'awslogs' ? logConfiguration.options : undefined;
  const group = options?.['awslogs-group'];
  const prefix = options?.['awslogs-stream-prefix'];
  const stream = prefix ? `${prefix}/${name}/${id}` : `${name}/${id}`;
  return (lines: readonly string[]) => {
    if (group) appendLog(group, stream, lines);
  };
};
