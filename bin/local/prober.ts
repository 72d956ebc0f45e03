import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isNativeError } from 'node:util/types';
import { messageOf } from '../message-of.ts';
import type { Probe } from './probe-figures.ts';

/** Between two requests: twenty a second. */
export const BETWEEN_MILLIS = 50;
/** A user has gone by then. */
const PATIENCE_MILLIS = 5_000;
/** A service that hangs is not buried under requests as well: one that finds so many on their way is not sent. */
const MOST_ON_THE_WAY = 25;

export interface ProberOptions {
  readonly everyMillis?: number;
  readonly patienceMillis?: number;
  /** Ends the probing without its result. */
  readonly signal?: AbortSignal;
}

export interface Prober {
  /** Now, on the clock of its probes. */
  now(): number;
  /** Ends the probing: every request that was sent, the oldest first, each with its answer. */
  stop(): Promise<readonly Probe[]>;
}

/**
 * Asks a service over and over as its users do, each request on a connection of its own and none waiting for another's
 * answer. Its times are real, on a clock that nobody sets: performance.now().
 */
export const prober = (url: string, options: ProberOptions = {}): Prober => {
  const { everyMillis = BETWEEN_MILLIS, patienceMillis = PATIENCE_MILLIS, signal } = options;
  const onTheWay = new Set<Promise<Probe>>();
  const probes: Probe[] = [];

  const send = () => {
    if (onTheWay.size >= MOST_ON_THE_WAY) return;
    const asking = probe(url, patienceMillis);
    onTheWay.add(asking);
    void asking.then((answered) => {
      onTheWay.delete(asking);
      probes.push(answered);
    });
  };
  const timer = setInterval(send, everyMillis);
  const cease = () => clearInterval(timer);
  signal?.addEventListener('abort', cease, { once: true });
  send();
  return {
    now: () => performance.now(),
    stop: async () => {
      cease();
      await Promise.all(onTheWay);
      return probes.toSorted((one, other) => one.sentAt - other.sentAt);
    },
  };
};

const probe = async (url: string, patienceMillis: number): Promise<Probe> => {
  const sentAt = performance.now();
  const failure = await failureOf(url, AbortSignal.timeout(patienceMillis));
  return { sentAt, answeredAt: performance.now(), ...(failure !== undefined && { failure }) };
};

/** Undefined for a good answer that arrived whole. */
const failureOf = async (url: string, signal: AbortSignal): Promise<string | undefined> => {
  try {
    const response = await answerOf(url, signal);
    await buffer(response);
    const { statusCode = 0, statusMessage = '' } = response;
    return statusCode >= 200 && statusCode < 300 ? undefined : `${statusCode} ${statusMessage}`.trim();
  } catch (error) {
    if (signal.aborted) return 'no answer in time';
    return messageOf(isNativeError(error) && error.cause ? error.cause : error);
  }
};

/** Without an agent no connection is kept: each request has to find the service anew. */
const answerOf = (url: string, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(url, { agent: false, signal }, resolve).on('error', reject).end();
  });
