import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { signalGroup } from './process-mark.ts';

export interface ProcessSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: string;
  readonly stopTimeoutMillis: number;
  readonly onLines: (lines: readonly string[]) => void;
  /** Called before anything else can happen, so that a crash of the cloud finds the process again. */
  readonly onSpawned: (pid: number) => void;
}

export interface ContainerProcess {
  /** The exit code, 128 + n after signal n; by then the whole group is gone and every line delivered. */
  readonly ended: Promise<number>;
  /** Its first line has come, or it has ended. */
  readonly heard: Promise<unknown>;
  /** The stop signal, then SIGKILL when the stop timeout is over; resolves when the process has ended. */
  stop(clock: Clock): Promise<void>;
  /** The stop signal, then SIGKILL after so much real time; 0 kills at once. */
  kill(afterMillis: number): Promise<void>;
}

export type Start =
  | { readonly kind: 'running'; readonly process: ContainerProcess }
  | { readonly kind: 'failed'; readonly reason: string };

/** How long the rest of a group may go on after its leader ended on request, and how long open pipes are waited for. */
const GRACE_MILLIS = 2000;

/** Starts a process as the leader of a group of its own. */
export const startProcess = async (spec: ProcessSpec): Promise<Start> => {
  const [command = '', ...words] = spec.argv;
  const child = spawn(command, words, {
    cwd: spec.cwd,
    env: { ...spec.environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spec.user,
  });
  const { pid } = child;
  if (pid === undefined) return { kind: 'failed', reason: await failureOf(child, command) };
  try {
    spec.onSpawned(pid);
  } catch (error) {
    signalGroup(pid, 'SIGKILL');
    throw error;
  }
  return { kind: 'running', process: watched(child, pid, spec) };
};

const failureOf = (child: ChildProcess, command: string) =>
  new Promise<string>((resolve) => {
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      const why = missing ? 'executable file not found in $PATH' : error.message;
      resolve(`CannotStartContainerError: failed to start the process: exec: "${command}": ${why}`);
    });
  });

const watched = (child: ChildProcess, pid: number, spec: ProcessSpec): ContainerProcess => {
  let asked = false;
  let over = false;
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const heard = new Promise<void>((resolve) => {
    const onLines = (lines: readonly string[]) => {
      spec.onLines(lines);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) readLines(stream, onLines);
  });

  const end = async () => {
    const code = await exited;
    if (asked) await emptied(pid);
    signalGroup(pid, 'SIGKILL');
    over = true;
    await Promise.race([closed, delay(GRACE_MILLIS, undefined, { ref: false })]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    return code;
  };
  const ended = end();
  const signal = (name: NodeJS.Signals) => {
    asked = true;
    if (!over) signalGroup(pid, name);
  };
  return {
    ended,
    heard: Promise.race([heard, ended]),
    stop: async (clock) => {
      signal(signalNamed(spec.stopSignal));
      const timer = clock.after(spec.stopTimeoutMillis, () => signal('SIGKILL'));
      await ended;
      timer.cancel();
    },
    kill: async (afterMillis) => {
      signal(afterMillis > 0 ? signalNamed(spec.stopSignal) : 'SIGKILL');
      const timer = setTimeout(() => signal('SIGKILL'), afterMillis);
      await ended;
      clearTimeout(timer);
    },
  };
};

const signalNamed = (name: string): NodeJS.Signals => {
  const known = Object.entries(constants.signals).find(([key, number]) => key === name || String(number) === name);
  return (known?.[0] ?? 'SIGTERM') as NodeJS.Signals;
};

/** A leader such as `npm` may be gone before its child has put down its work. */
const emptied = async (pid: number) => {
  for (let waited = 0; waited < GRACE_MILLIS && signalGroup(pid, 0); waited += 20) await delay(20);
};

const readLines = (stream: Readable, onLines: (lines: readonly string[]) => void) => {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (lines.length) onLines(lines);
  });
  stream.on('close', () => {
    if (rest) onLines([rest]);
  });
};
