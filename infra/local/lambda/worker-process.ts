import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Invocation } from '../function.ts';
import { failed, type Task } from './runner.ts';

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

export interface WorkerOptions {
  /** The folder it starts in: that of the asset it is started for. */
  readonly folder: string;
  readonly appendLog: (group: string, stream: string, lines: readonly string[]) => void;
  /** What it prints outside any call. */
  readonly log: (line: string) => void;
}

/** A child process that runs handlers, several calls at once. */
export interface WorkerProcess {
  /** Settles always: with the handler's answer, or as Runtime.ExitError when the process ends first. */
  call(task: Task & { readonly module: string; readonly exportName: string }): Promise<Invocation>;
  /** Drops a call that it has open; says whether it had. */
  abandon(requestId: string): boolean;
  /** True when it takes no new calls; it ends with its last open one. */
  isRetired(): boolean;
  kill(): void;
  readonly exited: Promise<void>;
}

type Message =
  | { readonly log: readonly string[]; readonly group: string; readonly stream: string }
  | { readonly requestId: string; readonly payload: string }
  | { readonly requestId: string; readonly error: ErrorDocument; readonly retire?: boolean };

interface ErrorDocument {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** V8 sizes its young generation by the machine; here that is garbage of short calls, up to half a gigabyte of it. */
// The optimising compiler of WebAssembly takes 400 MB for a parser that reads a few files here.
const SMALL = ['--max-semi-space-size=2', '--liftoff-only'];

export const startWorker = ({ folder, appendLog, log }: WorkerOptions): WorkerProcess => {
  const child = fork(WORKER, [], { execArgv: SMALL, cwd: folder, env: baseEnvironment(), silent: true });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', log);
  const open = new Map<string, (invocation: Invocation) => void>();
  let retired = false;

  const settle = (requestId: string, invocation: Invocation) => {
    open.get(requestId)?.(invocation);
    open.delete(requestId);
    if (retired && open.size === 0) child.kill('SIGKILL');
  };
  child.on('message', (message: Message) => {
    if ('log' in message) return appendLog(message.group, message.stream, message.log);
    if (!('error' in message)) return settle(message.requestId, { payload: message.payload });
    retired ||= message.retire === true;
    const { errorType, errorMessage, trace } = message.error;
    settle(message.requestId, failed(errorType, errorMessage, trace));
  });
  const exited = endOf(child, log).then((status) => {
    retired = true;
    for (const requestId of open.keys())
      settle(
        requestId,
        failed('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: ${status}`),
      );
  });

  return {
    call: (task) =>
      new Promise((resolve) => {
        open.set(task.requestId, resolve);
        child.send(task);
      }),
    abandon: (requestId) => {
      const known = open.delete(requestId);
      retired ||= known;
      if (known && open.size === 0) child.kill('SIGKILL');
      return known;
    },
    isRetired: () => retired,
    kill: () => {
      retired = true;
      child.kill('SIGKILL');
    },
    exited,
  };
};

/** How the process ended, in Lambda's words. */
const endOf = (child: ChildProcess, log: (line: string) => void) =>
  new Promise<string>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal ? `signal: ${signal === 'SIGKILL' ? 'killed' : signal}` : `exit status ${code}`),
    );
    child.on('error', (error) => {
      log(`could not be reached: ${error.message}`);
      if (child.pid === undefined) resolve(`not started: ${error.message}`);
    });
  });

/** As on Lambda, and nothing of the machine's own: no credentials, no proxies, no options for Node. */
const baseEnvironment = () => ({ PATH: process.env['PATH'] ?? '', LANG: 'en_US.UTF-8', TZ: 'UTC' });
