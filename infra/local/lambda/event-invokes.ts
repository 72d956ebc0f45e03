import { randomUUID } from 'node:crypto';
import type { Timer } from '../clock.ts';
import type { InvokeFunction } from '../function.ts';
import type { World } from '../part.ts';
import { functionReferenceFrom } from './function-arn.ts';
import type { Functions } from './functions.ts';

interface EventInvoke {
  readonly functionArn: string;
  readonly payload: string;
  readonly attempt: number;
  readonly dueAtMillis: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: after one, then two minutes. */
const RETRY_AFTER_MILLIS = [60_000, 120_000];

/** Invokes of type Event: kept in the store until they succeed or have failed for the last time. */
export const eventInvokes = (world: World, functions: Functions, invoke: InvokeFunction) => {
  const queue = world.store.table<EventInvoke>('lambda-event-invokes');
  const timers = new Set<Timer>();
  let stopped = false;

  const arm = (id: string, { dueAtMillis }: EventInvoke) => {
    const timer = world.clock.after(dueAtMillis - world.clock.now(), () => {
      timers.delete(timer);
      void attempt(id);
    });
    timers.add(timer);
  };

  const attempt = async (id: string) => {
    const entry = queue.get(id);
    if (!entry) return;
    const failure = await invoke(entry.functionArn, entry.payload).then(
      ({ functionError, payload }) => functionError && payload,
      (error: Error) => error.message,
    );
    if (stopped) return;
    if (failure === undefined) queue.delete(id);
    else failedOnce(id, entry, failure);
  };

  const failedOnce = (id: string, entry: EventInvoke, failure: string) => {
    const wait = RETRY_AFTER_MILLIS[entry.attempt];
    if (wait === undefined || entry.attempt >= retriesOf(entry.functionArn)) {
      world.log(`lambda: an event for ${entry.functionArn} is discarded after ${entry.attempt + 1} tries: ${failure}`);
      queue.delete(id);
      return;
    }
    const next = { ...entry, attempt: entry.attempt + 1, dueAtMillis: world.clock.now() + wait };
    queue.put(id, next);
    arm(id, next);
  };

  const retriesOf = (arn: string): number => {
    const { functionName, qualifier = '$LATEST' } = functionReferenceFrom(arn);
    return (
      functions.eventInvokes.get(`${functionName}/${qualifier}`)?.maximumRetryAttempts ?? RETRY_AFTER_MILLIS.length
    );
  };

  return {
    /** Takes an event over: it is on disk when this returns. */
    accept: (functionArn: string, payload: string): void => {
      const id = randomUUID();
      const entry = { functionArn, payload, attempt: 0, dueAtMillis: world.clock.now() };
      queue.put(id, entry);
      arm(id, entry);
    },
    start: (): void => {
      for (const { key, value } of queue.list()) arm(key, value);
    },
    stop: (): void => {
      stopped = true;
      for (const timer of timers) timer.cancel();
    },
  };
};
