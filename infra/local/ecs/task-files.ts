import { chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EcsOptions } from './ecs-options.ts';
import { removeVolumes } from './task-volumes.ts';

/** Home and temporary files of a task. It is made before anything else, so that by it the next life finds the rest. */
export const makeHome = (taskId: string, { directory, user }: Pick<EcsOptions, 'directory' | 'user'>): string => {
  const home = join(homesIn(directory), taskId);
  mkdirSync(home, { recursive: true });
  if (user) chownSync(home, user.uid, user.gid);
  return home;
};

/** The files of a task, its volumes as well. */
export const removeFiles = (taskId: string, { directory }: Pick<EcsOptions, 'directory'>): void => {
  removeVolumes(taskId);
  rmSync(join(homesIn(directory), taskId), { recursive: true, force: true, maxRetries: 3 });
};

/** Those of all tasks of a cloud, whose processes are gone. */
export const removeAllFiles = (directory: string): void => {
  if (!existsSync(homesIn(directory))) return;
  for (const taskId of readdirSync(homesIn(directory))) removeFiles(taskId, { directory });
};

const homesIn = (directory: string) => join(directory, 'tasks');
