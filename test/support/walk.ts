import { type HistoryEvent, SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import type { InvokeFunction } from '../../infra/local/function.ts';
import type { Machine } from '../../statemachines/define.ts';
import { type Cloud, openCloud } from '../local/sfn/support/cloud.ts';
import { deployed } from './machine-states.ts';

/** Answers of functions by their state's word; one that is an Error fails the task under its name. */
export type Script = Readonly<Record<string, (payload: Payload, call: number) => unknown>>;

export type Payload = Readonly<Record<string, unknown>>;

export interface Walk {
  readonly status: string | undefined;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Names of the states that were entered, in order. */
  readonly entered: readonly string[];
  /** Those of them that stand at the top of the machine: the way that was taken. */
  readonly way: readonly string[];
  readonly calls: readonly { readonly name: string; readonly payload: Payload }[];
  readonly history: readonly HistoryEvent[];
}

/** Runs a machine of ours on the embedded engine with functions that follow a script; waiting tasks are answered later. */
export const walk = async (machine: Machine, input: object, script: Script): Promise<Walk> => {
  const waiting: { readonly taskToken: string; readonly answer: unknown }[] = [];
  const calls: { name: string; payload: Payload }[] = [];
  await using cloud = await openCloud({ invoke: scripted(script, calls, waiting) });
  const arn = await cloud.run(deployed(machine), input);
  const described = await answerUntilClosed(cloud, arn, waiting);
  const history = await cloud.history(arn);
  const entered = history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  return {
    status: described.status,
    output: described.output === undefined ? undefined : JSON.parse(described.output),
    error: described.error,
    cause: described.cause,
    entered,
    way: entered.filter((name) => name in machine.States),
    calls,
    history,
  };
};

const scripted =
  (
    script: Script,
    calls: { name: string; payload: Payload }[],
    waiting: { taskToken: string; answer: unknown }[],
  ): InvokeFunction =>
  async (arn, text) => {
    const name = arn.split(':').at(-1) ?? '';
    const payload = JSON.parse(text) as Payload;
    calls.push({ name, payload });
    const answer = script[name]?.(payload, calls.filter((call) => call.name === name).length);
    if (answer === undefined) throw new Error(`The script has no answer of ${name}`);
    if (typeof payload['taskToken'] === 'string') {
      waiting.push({ taskToken: payload['taskToken'], answer });
      return { payload: 'null' };
    }
    if (!(answer instanceof Error)) return { payload: JSON.stringify(answer) };
    const document = { errorType: answer.name, errorMessage: answer.message, trace: [] };
    return { payload: JSON.stringify(document), functionError: 'Unhandled' };
  };

/** Time passes only when nobody has anything to answer: then retries and waits fall due. */
const answerUntilClosed = async (
  cloud: Cloud,
  arn: string,
  waiting: { taskToken: string; answer: unknown }[],
): Promise<Awaited<ReturnType<Cloud['describe']>>> => {
  for (let idle = 0; idle < 200; idle++) {
    await cloud.clock.advance(waiting.length > 0 || idle === 0 ? 0 : 1000);
    for (const { taskToken, answer } of waiting.splice(0)) {
      idle = 0;
      await send(cloud, taskToken, answer);
    }
    const described = await cloud.describe(arn);
    if (described.status !== 'RUNNING') return described;
  }
  throw new Error(`${arn} stands still: ${(await cloud.history(arn)).at(-1)?.type}`);
};

const send = (cloud: Cloud, taskToken: string, answer: unknown) =>
  answer instanceof Error
    ? cloud.client.send(new SendTaskFailureCommand({ taskToken, error: answer.name, cause: answer.message }))
    : cloud.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
