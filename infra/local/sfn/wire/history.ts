import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import type { Engine } from '../engine.ts';
import type { HistoryEvent } from '../history.ts';
import { getExecution } from './executions.ts';
import { pageOf, seconds } from './paging.ts';

export const historyOperations = (engine: Engine): Readonly<Record<string, Operation>> => ({
  GetExecutionHistory: {
    resources: ({ executionArn }: Input) => [String(executionArn)],
    run: (request) => {
      const events = engine.executions.eventsOf(getExecution(engine, request.executionArn));
      const { page, nextToken } = request.reverseOrder ? backwards(events, request) : pageOf(events, request);
      return { events: page.map((event) => wireEvent(event, request.includeExecutionData !== false)), nextToken };
    },
  },
});

/** Newest first; the token counts what is left on the old side, so that events that are added meanwhile move nothing. */
const backwards = (events: readonly HistoryEvent[], { maxResults, nextToken }: Input) => {
  const left = events.slice(0, nextToken === undefined ? events.length : leftAt(nextToken)).reverse();
  const { page } = pageOf(left, { maxResults });
  const rest = left.length - page.length;
  return { page, ...(rest > 0 ? { nextToken: Buffer.from(`left ${rest}`).toString('base64url') } : {}) };
};

const leftAt = (token: unknown): number => {
  const left = /^left (\d+)$/.exec(Buffer.from(String(token), 'base64url').toString('utf8'))?.[1];
  if (left === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return Number(left);
};

/** An event as GetExecutionHistory gives it. */
export const wireEvent = ({ timestampMillis, ...event }: HistoryEvent, includeData = true): object => ({
  timestamp: seconds(timestampMillis),
  ...(includeData ? event : Object.fromEntries(Object.entries(event).map(([key, value]) => [key, withoutData(value)]))),
});

const withoutData = (value: unknown) => {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/^(input|output)(Details)?$/.test(key)));
};
