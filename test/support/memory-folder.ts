import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Room that a few databases need side by side, with their logs. */
const ROOM_BYTES = 2 * 1024 ** 3;
const MEMORY = '/dev/shm';

/**
 * A new folder for files that are many and soon thrown away, such as those of a database: in memory where the machine
 * offers that with room enough, as a disk takes most of the time of such a test; else a temporary folder.
 */
export const memoryFolder = (prefix: string): string => {
  const folder = mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), prefix));
  chmodSync(folder, 0o711); // the database's account passes through
  return folder;
};

/** Makes `path` a link to such a folder. */
export const linkMemoryFolder = (path: string): void => symlinkSync(memoryFolder('slipway-test-'), path);

/** Removes the folder that `path` links to; what is no link is left alone. */
export const removeLinked = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    rmSync(readlinkSync(path), { recursive: true, force: true });
};

const hasMemory = (): boolean => {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false; // This machine has no such place, or not for us: the folder goes to disk.
  }
};
