import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
  /** Where its socket lies, when it has one. */
  readonly socketFolder?: string;
}

/** What `postmaster.pid` of a data directory says (https://www.postgresql.org/docs/current/storage-file-layout.html). */
export const readPostmaster = (data: string): Postmaster | undefined => {
  const text = readIfThere(join(data, 'postmaster.pid'));
  if (text === undefined) return;
  const [pid, , , port, socketFolder, , , status] = text.split('\n');
  return {
    pid: Number(pid),
    port: Number(port),
    isReady: status?.trim() === 'ready',
    ...(socketFolder && { socketFolder }),
  };
};

/** Files of a process come as it starts and go with it, either of which may happen in the middle of a look. */
const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isNativeError(error) && 'code' in error && GONE.has(String(error.code))) return undefined;
    throw error;
  }
};

/** No such file, and no such process any more. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH']);

/** Whether a process is the server of this data directory, and not another that got its id since. */
export const isServerOf = (data: string, pid: number): boolean => {
  if (process.platform === 'linux') return readIfThere(`/proc/${pid}/cmdline`)?.split('\0').includes(data) ?? false;
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.includes(data) ?? false;
};

const PATIENCE_MILLIS = 5_000;
const LOOK_MILLIS = 10;

/**
 * Ends a server: fast (sessions are cut off, data is kept), and at once when that takes longer than five seconds.
 * Ends when its `postmaster.pid` is gone, since the process itself may stay as a zombie where nobody reaps.
 */
export const endServer = async (data: string, pid: number, signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> => {
  if (!isServerOf(data, pid)) return;
  process.kill(pid, signal);
  for (let waited = 0; waited < PATIENCE_MILLIS; waited += LOOK_MILLIS) {
    if (readPostmaster(data)?.pid !== pid || !isServerOf(data, pid)) return;
    await sleep(LOOK_MILLIS);
  }
  if (signal === 'SIGINT') return endServer(data, pid, 'SIGQUIT');
  throw new Error(`PostgreSQL (process ${pid}, ${data}) does not end; its data is untouched. End the process by hand.`);
};
