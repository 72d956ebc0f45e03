import type { EcsOptions } from './ecs-options.ts';
import type { ContainerDefinition, TaskDefinitionRecord, TaskRecord } from './ecs-records.ts';
import type { FreePorts } from './free-ports.ts';
import type { TaskCredentials } from './task-credentials.ts';
import { makeHome } from './task-files.ts';
import { type TaskPorts, takeTaskPorts } from './task-ports.ts';
import { makeVolumes } from './task-volumes.ts';

/** What the containers of one task have in common on this machine; taken before the first of them starts. */
export interface TaskSurroundings {
  /** Home and temporary files. */
  readonly home: string;
  readonly ports: TaskPorts;
  /** What ECS tells every container beside what its definition says. */
  readonly variables: Readonly<Record<string, string>>;
  /** A text of a container's environment, with its neighbours' addresses and its volumes' folders on this machine. */
  translate(container: ContainerDefinition, text: string): string;
  /** Ports and token go back; what is on disk goes as the task ends. */
  give(): void;
}

interface Given {
  readonly options: EcsOptions;
  readonly free: FreePorts;
  readonly credentials: TaskCredentials;
}

export const takeSurroundings = async (
  task: TaskRecord,
  /** Its containers in the order of their start. */
  { containers, rest, taskRoleArn }: Pick<TaskDefinitionRecord, 'containers' | 'rest' | 'taskRoleArn'>,
  { options, free, credentials }: Given,
): Promise<TaskSurroundings> => {
  const home = makeHome(task.id, options);
  const translatePaths = makeVolumes(task.id, rest, options);
  const ports = await takeTaskPorts(containers, rest['networkMode'], free);
  return {
    home,
    ports,
    variables: credentials.issue(task, task.overrides.taskRoleArn ?? taskRoleArn),
    translate: (container, text) => translatePaths(container, ports.translate(container.name, text)),
    give: () => {
      ports.give();
      credentials.revoke(task.id);
    },
  };
};
