import type { World } from '../part.ts';
import type { EcsOptions } from './ecs-options.ts';
import type { TaskRecord } from './ecs-records.ts';
import { killLeftovers } from './process-mark.ts';
import { HOST_GONE } from './service-failures.ts';
import { removeAllFiles } from './task-files.ts';
import type { TaskStore } from './task-store.ts';

/**
 * To its tasks the end of the cloud is the end of their host: processes that outlived it are killed, and every task that was
 * not STOPPED becomes it. A task that may have done something is never called one that failed to start.
 */
export const endEarlierLife = async (world: World, options: EcsOptions, tasks: TaskStore): Promise<void> => {
  const open = tasks.all().filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const marks = open.flatMap(({ containers }) => containers.flatMap(({ process }) => process ?? []));
  const killed = await killLeftovers(marks, options.directory);
  if (killed) world.log(`ecs: killed ${killed} processes that an earlier run left behind`);
  removeAllFiles(options.directory);
  for (const task of open) end(world, tasks, task);
};

const end = (world: World, tasks: TaskStore, task: TaskRecord) => {
  const ran = task.containers.some(({ process }) => process !== undefined);
  const code = ran ? 'TerminationNotice' : 'TaskFailedToStart';
  tasks.ask(task.arn, { code, reason: HOST_GONE });
  const containers = task.containers.map((one) => ({ ...one, lastStatus: 'STOPPED' as const }));
  const atMillis = world.clock.now();
  tasks.move(task.arn, 'STOPPED', { containers, executionStoppedAtMillis: atMillis, stoppedAtMillis: atMillis });
};
