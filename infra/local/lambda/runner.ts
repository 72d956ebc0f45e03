import type { Invocation } from '../function.ts';

/** One call of a handler, with everything it needs to run anywhere. */
export interface Task {
  readonly requestId: string;
  readonly functionName: string;
  /** Names code and settings: the same instance may serve calls that share it, another must not. */
  readonly instance: string;
  readonly version: string;
  readonly invokedArn: string;
  readonly folder: string;
  /** `file.export`, the file without its ending. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutMillis: number;
  readonly logGroup: string;
  readonly logStream: string;
  readonly payload: string;
  /** How far the cloud's clock is ahead of this machine's. */
  readonly clockAheadMillis: number;
}

/** Where handlers run: in a worker, in a process each, or in this process. */
export interface Runner {
  run(task: Task): Promise<Invocation>;
  /** The call has timed out: its answer is no longer wanted and whatever it runs in is not used again. */
  abandon(task: Task): void;
  kill(functionName: string): void;
  stop(): Promise<void>;
}

/** `Unhandled` is what Lambda says of every error of a Node handler. */
export const failed = (errorType: string, errorMessage: string, trace: readonly string[] = []): Invocation => ({
  payload: JSON.stringify({ errorType, errorMessage, trace }),
  functionError: 'Unhandled',
});
