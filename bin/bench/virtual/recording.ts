import type { Clock } from '../../../infra/local/clock.ts';
import type { HistoryEvent } from '../../../infra/local/sfn/history.ts';
import type { WireCall } from '../../../infra/local/wire/front.ts';
import type { DrawLatency } from './seeded-latencies.ts';

/** One AWS call of a function. */
export interface RecordedCall {
  readonly service: string;
  readonly operation: string;
  /** The function that made it, by its word in the manifest; undefined for the operator. */
  readonly word: string | undefined;
  readonly atMillis: number;
}

export interface RecordedInvocation {
  readonly word: string;
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** One latency that was waited for. */
export interface RecordedWait {
  readonly operation: string;
  readonly what: string | undefined;
  readonly fromMillis: number;
  readonly millis: number;
}

/** Everything that happened while it was on. */
export interface Recording {
  readonly histories: ReadonlyMap<string, readonly HistoryEvent[]>;
  readonly calls: readonly RecordedCall[];
  readonly invocations: readonly RecordedInvocation[];
  readonly waits: readonly RecordedWait[];
}

/** Takes down what happens in the embedded cloud, by its clock; what is off neither records nor takes time. */
export const recorder = (clock: Pick<Clock, 'now'>, draw: DrawLatency) => {
  let isOn = false;
  let histories = new Map<string, HistoryEvent[]>();
  let calls: RecordedCall[] = [];
  let invocations: RecordedInvocation[] = [];
  let waits: RecordedWait[] = [];
  return {
    begin: (): void => {
      [histories, calls, invocations, waits] = [new Map(), [], [], []];
      isOn = true;
    },
    end: (): Recording => {
      isOn = false;
      return { histories, calls, invocations, waits };
    },
    latency: (operation: string, what?: string): number => {
      const millis = isOn ? draw(operation, what) : 0;
      if (millis > 0) waits.push({ operation, what, fromMillis: clock.now(), millis });
      return millis;
    },
    onHistory: (arn: string, event: HistoryEvent): void => {
      if (isOn) histories.set(arn, [...(histories.get(arn) ?? []), event]);
    },
    onCall: ({ service, operation, userAgent }: WireCall): void => {
      const word = /\bapp\/([\w-]+)/.exec(userAgent)?.[1];
      if (isOn) calls.push({ service, operation, word, atMillis: clock.now() });
    },
    onInvocation: (invocation: RecordedInvocation): void => {
      if (isOn) invocations.push(invocation);
    },
  };
};

export type Recorder = ReturnType<typeof recorder>;
