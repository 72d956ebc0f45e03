import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../bin/local/is-alive.ts';
import { stopLeftovers } from '../../bin/local/leftovers.ts';
import { codeOf } from '../../bin/message-of.ts';
import { removeStateFolder } from './memory-folder.ts';

/** Ends the processes, and removes the folders, of test runs that were killed: `{pid}-{worker}-{n}`. */
export const reapFolders = async (parent: string): Promise<void> => {
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    const [, pid] = /^(\d+)-\d*-\d+$/.exec(name) ?? [];
    const directory = join(parent, name);
    if (!pid || isAlive(Number(pid)) || !isMine(directory)) continue;
    await stopLeftovers(directory);
    removeStateFolder(directory);
  }
};

/** Test files start side by side: one of them clears up. */
const isMine = (directory: string): boolean => {
  try {
    mkdirSync(join(directory, 'reaped'));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  }
};
