import { randomUUID } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerAccount } from './server-account.ts';
import { trusted } from './trusted.ts';

/** Path below the folder, and bytes of a file; null for a folder. */
type Entry = readonly [name: string, bytes: number | null];

/**
 * Keeps a data directory in one file, that of its owner alone: a list of what is in it, on a line of its own, then the files.
 * One file is there or not, whoever cleans temporary folders, and takes the place of another in one step.
 */
export const packData = (data: string, archive: string): void => {
  const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).sort();
  const entries = names.map((name): Entry => [name, bytesOf(join(data, name))]);
  const files = entries.flatMap(([name, bytes]) => (bytes === null ? [] : [readFileSync(join(data, name))]));
  const part = `${archive}.${randomUUID()}`;
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(entries)}\n`), ...files]);
  try {
    // Flushed, since a power cut may otherwise leave the name without the content.
    writeFileSync(part, whole, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(part, archive);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
};

/**
 * Makes a data directory from its archive, for an account; false, and nothing made, when there is none or not all of it.
 * @throws Error when the archive is not ours
 */
export const unpackData = async (
  archive: string,
  data: string,
  account: ServerAccount | undefined,
): Promise<boolean> => {
  if (!lstatSync(archive, { throwIfNoEntry: false })) return false;
  const content = readFileSync(trusted(archive));
  const start = content.indexOf('\n') + 1;
  if (start === 0) return false;
  const entries: readonly Entry[] = [['', null], ...JSON.parse(content.toString('utf8', 0, start))];
  const size = entries.reduce((sum, [, bytes]) => sum + (bytes ?? 0), start);
  if (size !== content.length) return false;
  let at = start;
  for (const [index, [name, bytes]] of entries.entries()) {
    const path = join(data, name);
    if (bytes === null) mkdirSync(path, { mode: 0o700 });
    else writeFileSync(path, content.subarray(at, at + bytes), { flag: 'wx', mode: 0o600 });
    if (account) chownSync(path, account.uid, account.gid);
    at += bytes ?? 0;
    if (index % FILES_A_TURN === 0) await nextTurn();
  }
  return true;
};

/** A thousand files take 40 ms, and a second on a disk that is slow to make them: others of this process get their turn. */
const FILES_A_TURN = 32;

const bytesOf = (path: string): number | null => {
  const stat = lstatSync(path);
  return stat.isDirectory() ? null : stat.size;
};
