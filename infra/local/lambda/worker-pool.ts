import { AwsError } from '../wire/service.ts';
import { moduleOf } from './handler-module.ts';
import { failed, type Runner } from './runner.ts';
import { startWorker, type WorkerOptions, type WorkerProcess } from './worker-process.ts';

export interface WorkerPoolOptions extends Pick<WorkerOptions, 'appendLog' | 'log'> {
  /** Functions with the same key share a process: a constant for one worker, the function's name for one each. */
  readonly keyOf: (functionName: string) => string;
}

/** Runs handlers in child processes that are started on first use, and again after a death. */
export const workerPool = ({ keyOf, ...options }: WorkerPoolOptions): Runner => {
  const current = new Map<string, WorkerProcess>();
  const living = new Set<WorkerProcess>();
  let stopped = false;

  const workerFor = (functionName: string, folder: string): WorkerProcess => {
    const known = current.get(keyOf(functionName));
    if (known && !known.isRetired()) return known;
    const worker = startWorker({ ...options, folder });
    current.set(keyOf(functionName), worker);
    living.add(worker);
    void worker.exited.then(() => living.delete(worker));
    return worker;
  };

  return {
    run: async (task) => {
      if (stopped) throw gone(task.functionName);
      const module = moduleOf(task);
      if (!module) return failed('Runtime.ImportModuleError', `Error: Cannot find module '${task.handler}'`);
      const invocation = await workerFor(task.functionName, task.folder).call({ ...task, ...module });
      if (stopped) throw gone(task.functionName);
      return invocation;
    },
    abandon: ({ requestId }) => {
      for (const worker of living) if (worker.abandon(requestId)) return;
    },
    kill: (functionName) => current.get(keyOf(functionName))?.kill(),
    stop: async () => {
      stopped = true;
      const all = [...living];
      for (const worker of all) worker.kill();
      await Promise.all(all.map((worker) => worker.exited));
    },
  };
};

/** Whoever waits must not take the end of the cloud for the function's own failure. */
const gone = (functionName: string) =>
  new AwsError('ServiceException', `the embedded cloud stopped while ${functionName} ran; what it did stays done`, 500);
