import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isTraversable, type ServerAccount } from './server-account.ts';

/** A socket's path ends with a zero byte within 104 bytes on macOS, within 108 on Linux. */
const LONGEST_BYTES = 103;

/** Where the socket of an instance lies, the same for the same folder of data: a place of its own, as its path has to be short. */
export const socketFolderOf = (directory: string, temporary = tmpdir()): string => {
  const name = `slipway-pg-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 16)}`;
  const isFit = isTraversable(temporary) && isShort(join(temporary, name));
  return join(isFit ? temporary : '/tmp', name);
};

export const socketPathIn = (folder: string, port: number): string => join(folder, `.s.PGSQL.${port}`);

const isShort = (folder: string): boolean => Buffer.byteLength(socketPathIn(folder, 65_535)) <= LONGEST_BYTES;

/**
 * Makes the folder, closed to everybody but the server's account: who reaches the socket is asked for nothing.
 * @throws Error when something of another owner has the name
 */
export const makeSocketFolder = (folder: string, account: ServerAccount | undefined): void => {
  const owner = account?.uid ?? process.getuid?.();
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found && (!found.isDirectory() || found.uid !== owner))
    throw new Error(
      `${folder} is needed for the socket of a database, but is no folder of user ${owner}. Nothing was started. Remove it and start again.`,
    );
  if (!found) mkdirSync(folder, { mode: 0o700 });
  chmodSync(folder, 0o700);
  if (account) chownSync(folder, account.uid, account.gid);
};

export const removeSocketFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
