import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessMark } from './ecs-records.ts';

/** Tells a process from a later one with the same id: when it began, and in which life of the machine. Undefined when it is gone. */
export const identityOf = (pid: number): string | undefined =>
  process.platform === 'linux' ? linuxIdentity(pid) : posixIdentity(pid);

/** proc(5): field 3 is the state, field 22 the start time; the name in field 2 may hold blanks and brackets. */
const linuxIdentity = (pid: number): string | undefined => {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : `${textOf('/proc/sys/kernel/random/boot_id')?.trim()} ${fields[19]}`;
};

const posixIdentity = (pid: number): string | undefined => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
};

/** Every process of a container carries this variable; its value names the directory of the cloud that started it. */
export const MARKER = 'LOCAL_ECS_DIRECTORY';

/** Processes that carry the marker, as far as the system shows it (Linux): also those that left their group. */
export const markedProcesses = (directory: string): number[] => {
  if (process.platform !== 'linux') return [];
  const marker = `${MARKER}=${directory}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => textOf(`/proc/${pid}/environ`)?.split('\0').includes(marker))
    .filter((pid) => identityOf(Number(pid)) !== undefined)
    .map(Number);
};

/** Undefined when the process is gone or belongs to somebody else. */
const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** Signals a whole process group; one that is gone already is fine. */
export const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => signalTo(-pid, signal);

const signalTo = (target: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
};

/** Kills what an earlier life of the cloud left running, and returns when it is gone; gives the number of processes found. */
export const killLeftovers = async (marks: readonly ProcessMark[], directory: string): Promise<number> => {
  const alive = marks.filter(({ pid, identity }) => identityOf(pid) === identity).map(({ pid }) => pid);
  for (const pid of alive) signalGroup(pid, 'SIGKILL');
  const found = new Set([...alive, ...markedProcesses(directory)]);
  for (const pid of found) signalTo(pid, 'SIGKILL');
  for (const pid of found) await gone(pid);
  return found.size;
};

/** A process that does not die within seconds is stuck in the kernel; waiting longer would not help. */
const gone = async (pid: number) => {
  const began = identityOf(pid);
  for (let waited = 0; waited < 5000 && began !== undefined && identityOf(pid) === began; waited += 5)
    await new Promise((resolve) => setTimeout(resolve, 5));
};
