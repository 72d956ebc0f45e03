import type { InvokeFunction } from '../function.ts';
import type { Iam } from '../iam/iam.ts';
import type { Part, World } from '../part.ts';
import { eventInvokes } from './event-invokes.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';
import { type Handlers, inProcess } from './in-process.ts';
import { invokeOnce } from './invoke.ts';
import { lambdaService } from './lambda-service.ts';
import { type FunctionAllows, functionAllows } from './permissions.ts';
import type { Runner } from './runner.ts';
import { versionResources } from './version-resources.ts';
import { workerPool } from './worker-pool.ts';

export interface LambdaOptions {
  /** Where functions find the embedded cloud: becomes AWS_ENDPOINT_URL. */
  readonly endpoint: () => string;
  readonly iam: Pick<Iam, 'credentialsFor' | 'serviceMayAssume' | 'roleAllows'>;
  /** The folder of an unzipped asset. */
  readonly assetPath: (bucket: string, key: string) => string | undefined;
  readonly appendLog: (group: string, stream: string, lines: readonly string[]) => void;
  /** Variables that every function gets; they win over its own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** One worker for all functions, a process for each, or handlers in this process. */
  readonly run: 'worker' | 'process' | Handlers;
}

export interface Lambda {
  /** Throws AwsError when the call never reaches a handler: no such function, payload too large. */
  readonly invoke: InvokeFunction;
  /** Whether the function's own policy lets a service invoke it for a source. */
  readonly allowed: FunctionAllows;
  /** SIGKILLs the process that runs a function, and with it whatever else runs there. */
  kill(functionName: string): void;
}

/** Lambda: functions from assets, versions, aliases, permissions, and the Invoke API. */
export const createLambda = (world: World, options: LambdaOptions): Part & Lambda => {
  const functions = functionsOf(world);
  const runner = runnerOf(world, options);
  const invoke: InvokeFunction = async (arn, payload) =>
    invokeOnce(world, functions.resolve(arn), payload, { ...options, runner, environment: options.environment ?? {} });
  const events = eventInvokes(world, functions, invoke);
  return {
    invoke,
    allowed: functionAllows(functions),
    kill: runner.kill,
    services: [lambdaService(world, functions, { invoke, acceptEvent: events.accept })],
    resources: {
      'AWS::Lambda::Function': functionResource(world, functions, options),
      ...versionResources(world, functions),
    },
    start: async () => events.start(),
    stop: async () => {
      events.stop();
      await runner.stop();
    },
  };
};

const runnerOf = (world: World, { run, appendLog }: LambdaOptions): Runner => {
  if (typeof run === 'function') return inProcess(world.clock, run);
  const keyOf = run === 'worker' ? () => 'worker' : (functionName: string) => functionName;
  return workerPool({ keyOf, appendLog, log: (line) => world.log(`lambda worker: ${line}`) });
};
