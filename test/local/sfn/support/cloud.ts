import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type MovableClock, standingClock } from '../../../../infra/local/clock.ts';
import type { Invocation, InvokeFunction } from '../../../../infra/local/function.ts';
import type { CloudEvent, Part, World } from '../../../../infra/local/part.ts';
import { createStepFunctions, type StepFunctionsOptions } from '../../../../infra/local/sfn/step-functions.ts';
import { openStore, type Store } from '../../../../infra/local/store.ts';
import { type Front, startFront } from '../../../../infra/local/wire/front.ts';
import type { Authorize } from '../../../../infra/local/wire/service.ts';

/** What a function of a test does: returns a value, or throws an error whose name becomes the error type. */
export type Script = (payload: never, attempt: number) => unknown;

export interface CloudOptions extends Partial<StepFunctionsOptions> {
  readonly functions?: Readonly<Record<string, Script>>;
  readonly file?: string;
  readonly store?: Store;
  readonly clock?: MovableClock;
  readonly authorize?: Authorize;
}

/** Step Functions alone, behind its real wire, with functions that are scripts; time stands still but for `clock.advance`. */
export interface Cloud extends AsyncDisposable {
  readonly client: SFNClient;
  readonly clock: MovableClock;
  readonly store: Store;
  readonly part: Part;
  readonly emitted: CloudEvent[];
  readonly logged: string[];
  readonly called: { name: string; payload: unknown }[];
  /** Makes a machine and starts it; the machine is named after its execution when no name is given. */
  run(definition: object, input?: unknown, name?: string): Promise<string>;
  describe(executionArn: string): Promise<DescribeExecutionOutput>;
  history(executionArn: string): Promise<HistoryEvent[]>;
  /** Advances time until the execution is closed; throws when it is not after a month. */
  end(executionArn: string): Promise<DescribeExecutionOutput>;
  /** The process dies: nothing is stopped in order, only the file stays. */
  die(): Promise<void>;
}

export const START = Date.UTC(2026, 0, 1);

export const openCloud = async (options: CloudOptions = {}): Promise<Cloud> => {
  const clock = options.clock ?? standingClock(START);
  const store = options.store ?? openStore(options.file);
  const emitted: CloudEvent[] = [];
  const logged: string[] = [];
  const called: { name: string; payload: unknown }[] = [];
  const world: World = {
    clock,
    store,
    account: '123456789012',
    region: 'eu-west-1',
    latency: () => 0,
    emit: (event) => emitted.push(event),
    log: (line) => logged.push(line),
  };
  const part = createStepFunctions(world, {
    ...options,
    invoke: options.invoke ?? scripted(options.functions, called),
  });
  const front = await startFront({
    services: part.services ?? [],
    callerOf: (accessKeyId) => ({ accessKeyId, arn: 'arn:aws:iam::123456789012:root' }),
    authorizeAs: () => options.authorize ?? (() => {}),
  });
  await part.start?.();
  return cloudOver(part, front, { clock, store, emitted, logged, called });
};

const cloudOver = (
  part: Part,
  front: Front,
  parts: Pick<Cloud, 'clock' | 'store' | 'emitted' | 'logged' | 'called'>,
): Cloud => {
  const client = new SFNClient({
    endpoint: front.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  let machines = 0;
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const shut = async () => {
    client.destroy();
    await front.close();
  };
  return {
    ...parts,
    client,
    part,
    describe,
    run: async (definition, input = {}, name = `machine-${machines++}`) => {
      const { stateMachineArn } = await client.send(
        new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: ROLE }),
      );
      const started = await client.send(
        new StartExecutionCommand({ stateMachineArn, name: 'run', input: JSON.stringify(input) }),
      );
      return started.executionArn ?? '';
    },
    history: async (executionArn) => {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return events;
    },
    end: async (executionArn) => {
      for (const millis of [0, 0, 0, 1000, 60_000, 3_600_000, 86_400_000, 30 * 86_400_000]) {
        await parts.clock.advance(millis);
        const described = await describe(executionArn);
        if (described.status !== 'RUNNING') return described;
      }
      throw new Error(`${executionArn} still runs after a month`);
    },
    die: async () => {
      await part.stop?.();
      await shut();
      parts.store.close();
    },
    [Symbol.asyncDispose]: async () => {
      await part.stop?.();
      await shut();
      parts.store.close();
    },
  };
};

export const ROLE = 'arn:aws:iam::123456789012:role/machine';

/** Functions by the last part of their ARN; each call is counted, so that a script can fail first and work later. */
const scripted = (
  functions: Readonly<Record<string, Script>> = {},
  called: { name: string; payload: unknown }[],
): InvokeFunction => {
  const attempts = new Map<string, number>();
  return async (arn, text): Promise<Invocation> => {
    const name = arn.split(':').at(-1) ?? '';
    const payload = JSON.parse(text);
    called.push({ name, payload });
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    const script = functions[name];
    if (!script) throw new Error(`the test has no function ${name}`);
    try {
      return { payload: JSON.stringify((await script(payload as never, attempt)) ?? null) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const document = { errorType: error.name, errorMessage: error.message, trace: [] };
      return { payload: JSON.stringify(document), functionError: 'Unhandled' };
    }
  };
};

/** An error with the name that ErrorEquals matches. */
export const failing = (name: string, message = `${name} happened`): Error =>
  Object.assign(new Error(message), { name });

/** A Task that calls a function of the test and hands on what it returns. */
export const task = (name: string, rest: object = { End: true }) => ({
  Type: 'Task',
  Resource: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
  ...rest,
});

export const waitingTask = (name: string, rest: object = { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: name, Payload: { 'token.$': '$$.Task.Token', 'input.$': '$' } },
  ...rest,
});

export const machine = (states: Record<string, object>, rest: object = {}) => ({
  StartAt: Object.keys(states)[0],
  States: states,
  ...rest,
});

export const types = (events: readonly HistoryEvent[]): string[] => events.map(({ type }) => String(type));

/** A folder for a store file; gone when disposed. */
export const scratch = () => {
  const folder = mkdtempSync(join(tmpdir(), 'states-'));
  return { file: join(folder, 'cloud.db'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
};
