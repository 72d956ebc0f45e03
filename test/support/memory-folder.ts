import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
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

/** Makes the state folder of a Slipway that keeps its databases in such a folder. */
export const makeStateFolder = (directory: string): void => {
  mkdirSync(directory, { recursive: true });
  symlinkSync(memoryFolder('slipway-test-'), databasesOf(directory));
};

/** Removes a state folder with its databases, wherever they are. */
export const removeStateFolder = (directory: string): void => {
  const databases = databasesOf(directory);
  if (lstatSync(databases, { throwIfNoEntry: false })?.isSymbolicLink())
    rmSync(readlinkSync(databases), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
};

const databasesOf = (directory: string): string => join(directory, 'postgres');

const hasMemory = (): boolean => {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false; // This machine has no such place, or not for us: the folder goes to disk.
  }
};
