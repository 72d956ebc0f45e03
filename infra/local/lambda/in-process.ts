import type { Clock } from '../clock.ts';
import type { Invocation } from '../function.ts';
import { failed, type Runner, type Task } from './runner.ts';

/** What a handler of the Node runtime is given beside its event. */
export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** Gives the handler of a function for its environment; asked once per instance of code and settings. */
export type Handlers = (functionName: string, environment: Readonly<Record<string, string>>) => Handler;

/** Runs handlers in this process, by the world's clock: no isolation, nothing to kill. */
export const inProcess = (clock: Clock, handlers: Handlers): Runner => {
  const made = new Map<string, Handler>();
  const handlerOf = ({ instance, functionName, environment }: Task) => {
    const handler = made.get(instance) ?? handlers(functionName, environment);
    made.set(instance, handler);
    return handler;
  };
  return {
    run: async (task) => {
      try {
        const result = await handlerOf(task)(JSON.parse(task.payload), contextOf(clock, task));
        return { payload: JSON.stringify(result) ?? 'null' };
      } catch (error) {
        return failedBy(error);
      }
    },
    abandon: () => undefined,
    kill: () => undefined,
    stop: async () => undefined,
  };
};

const contextOf = (clock: Clock, task: Task): LambdaContext => {
  const deadline = clock.now() + task.timeoutMillis;
  return {
    functionName: task.functionName,
    functionVersion: task.version,
    invokedFunctionArn: task.invokedArn,
    memoryLimitInMB: String(task.memoryMegabytes),
    awsRequestId: task.requestId,
    logGroupName: task.logGroup,
    logStreamName: task.logStream,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(deadline - clock.now(), 0),
  };
};

const failedBy = (error: unknown): Invocation =>
  error instanceof Error
    ? failed(error.name, error.message, (error.stack ?? '').split('\n'))
    : failed(typeof error, String(error));
