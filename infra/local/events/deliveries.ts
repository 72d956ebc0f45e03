import type { Timer } from '../clock.ts';
import type { World } from '../part.ts';
import type { Delivery, Outcome } from './delivery.ts';

/** A minute, then twice as long each time, ten minutes at most: 185 tries fill a day. */
const FIRST_RETRY_MILLIS = 60_000;
const LONGEST_RETRY_MILLIS = 600_000;

export interface DeadLetter {
  readonly delivery: Delivery;
  readonly reason: string;
}

/** What is under way: on disk before anything is tried, gone once it has arrived or is given up. */
export const deliveriesOf = (world: World, deliver: (delivery: Delivery) => Promise<Outcome>) => {
  const pending = world.store.table<Delivery>('events-deliveries');
  const deadLetters = world.store.table<DeadLetter>('events-dead-letters');
  const timers = new Map<string, Timer>();
  let stopped = false;

  const arm = (id: string, dueAtMillis: number) => {
    timers.get(id)?.cancel();
    const run = () => {
      timers.delete(id);
      void attempt(id);
    };
    timers.set(id, world.clock.after(dueAtMillis - world.clock.now(), run));
  };

  const attempt = async (id: string) => {
    const delivery = pending.get(id);
    if (!delivery) return;
    const outcome = await deliver(delivery);
    // What was under way when the cloud stopped is tried again by the next one: at least once.
    if (stopped) return;
    if (outcome.kind === 'arrived') pending.delete(id);
    else if (outcome.kind === 'retry' && mayRetry(delivery)) retry(delivery);
    else giveUp(delivery, outcome.reason);
  };

  const mayRetry = ({ attempt, firstAtMillis, target }: Delivery) =>
    attempt < target.maximumRetryAttempts && world.clock.now() - firstAtMillis < target.maximumEventAgeSeconds * 1000;

  const retry = (delivery: Delivery) => {
    const wait = Math.min(FIRST_RETRY_MILLIS * 2 ** delivery.attempt, LONGEST_RETRY_MILLIS);
    put({ ...delivery, attempt: delivery.attempt + 1, dueAtMillis: world.clock.now() + wait });
  };

  const giveUp = (delivery: Delivery, reason: string) => {
    world.log(`events: ${delivery.event['detail-type']} is given up after ${delivery.attempt + 1} tries: ${reason}`);
    if (delivery.target.deadLetterArn !== undefined) deadLetters.put(delivery.id, { delivery, reason });
    pending.delete(delivery.id);
  };

  const put = (delivery: Delivery): void => {
    pending.put(delivery.id, delivery);
    arm(delivery.id, delivery.dueAtMillis);
  };

  return {
    put,
    /** Moves one that waits to another moment; one that has gone out stays gone. */
    move: (id: string, dueAtMillis: number): void => {
      const delivery = pending.get(id);
      if (delivery && timers.has(id)) put({ ...delivery, dueAtMillis });
    },
    start: (): void => {
      for (const { key, value } of pending.list()) arm(key, value.dueAtMillis);
    },
    stop: (): void => {
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
    },
  };
};
