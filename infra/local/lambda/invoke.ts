import { createHash, randomUUID } from 'node:crypto';
import type { Invocation } from '../function.ts';
import type { Iam } from '../iam/iam.ts';
import type { World } from '../part.ts';
import { takeTime } from '../take-time.ts';
import { AwsError } from '../wire/service.ts';
import { functionEnvironment } from './function-environment.ts';
import type { FunctionRecord } from './function-record.ts';
import type { Resolved } from './functions.ts';
import { failed, type Runner, type Task } from './runner.ts';

export interface InvokeOptions {
  readonly runner: Runner;
  readonly endpoint: () => string;
  readonly iam: Pick<Iam, 'credentialsFor'>;
  readonly assetPath: (bucket: string, key: string) => string | undefined;
  readonly appendLog: (group: string, stream: string, lines: readonly string[]) => void;
  readonly environment: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB each way, synchronous. */
export const PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Runs a function once, under its timeout by the world's clock; throws only for what never reached the handler. */
export const invokeOnce = async (
  world: World,
  { record, invokedArn }: Resolved,
  payload: string,
  options: InvokeOptions,
): Promise<Invocation> => {
  refuseTooLarge(payload);
  const time = takeTime(world, 'lambda.invoke', record.functionName);
  if (time) await time;
  const task = taskFrom(world, record, invokedArn, payload, options);
  const invocation = { ...limited(await underTimeout(world, task, options.runner)), executedVersion: record.version };
  if (invocation.functionError)
    options.appendLog(task.logGroup, task.logStream, [`${task.requestId}\tERROR\tInvoke Error\t${invocation.payload}`]);
  return invocation;
};

const refuseTooLarge = (payload: string) => {
  if (Buffer.byteLength(payload) <= PAYLOAD_BYTES) return;
  const message = `Request must be smaller than ${PAYLOAD_BYTES} bytes for the InvokeFunction operation`;
  throw new AwsError('RequestEntityTooLargeException', message, 413);
};

const taskFrom = (
  world: World,
  record: FunctionRecord,
  invokedArn: string,
  payload: string,
  { endpoint, iam, assetPath, environment }: InvokeOptions,
): Task => {
  const { functionName, version, handler, memoryMegabytes, logGroup, code } = record;
  const folder = assetPath(code.bucket, code.key);
  if (folder === undefined)
    throw new AwsError(
      'InvalidCodeException',
      `the asset s3://${code.bucket}/${code.key} of ${functionName} is gone`,
      502,
    );
  const revision = createHash('sha256')
    .update(JSON.stringify([record, folder]))
    .digest('hex')
    .slice(0, 32);
  const logStream = logStreamOf(world, version, revision);
  const credentials = iam.credentialsFor(record.roleArn, functionName);
  const surroundings = {
    region: world.region,
    endpoint: endpoint(),
    folder,
    logStream,
    credentials,
    extra: environment,
  };
  return {
    requestId: randomUUID(),
    functionName,
    version,
    invokedArn,
    folder,
    handler,
    memoryMegabytes,
    logGroup,
    logStream,
    payload: payload === '' ? '{}' : payload,
    instance: revision,
    environment: functionEnvironment(record, surroundings),
    timeoutMillis: record.timeoutSeconds * 1000,
    clockAheadMillis: world.clock.now() - Date.now(),
  };
};

/** `2026/09/01/[$LATEST]0123...`: one stream a day and instance. */
const logStreamOf = (world: World, version: string, revision: string) =>
  `${new Date(world.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${revision}`;

const underTimeout = (world: World, task: Task, runner: Runner): Promise<Invocation> =>
  new Promise((resolve, reject) => {
    const timer = world.clock.after(task.timeoutMillis, () => {
      runner.abandon(task);
      const seconds = (task.timeoutMillis / 1000).toFixed(2);
      resolve(
        failed('Sandbox.Timedout', `RequestId: ${task.requestId} Error: Task timed out after ${seconds} seconds`),
      );
    });
    runner
      .run(task)
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });

const limited = (invocation: Invocation): Invocation =>
  Buffer.byteLength(invocation.payload) <= PAYLOAD_BYTES
    ? invocation
    : failed(
        'Function.ResponseSizeTooLarge',
        `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES} bytes).`,
      );
