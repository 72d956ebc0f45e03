import { AwsError, type Input } from '../wire/service.ts';
import type { LogStream, StoredEvent } from './log-book.ts';

const MOST = 10_000;

/**
 * One page of GetLogEvents. A token is a direction and the number of an event: `f/7` asks for what stands at 7 and behind,
 * `b/7` for what stands before; at either end the same token comes back, which is how a reader knows the end.
 * @throws AwsError for a token that is none
 */
export const eventPage = (events: readonly StoredEvent[], { first, next }: LogStream, input: Input) => {
  const { limit = MOST, startFromHead = false, startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken } = input;
  const wanted = events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
  const cursor = nextToken === undefined ? cursorAt(startFromHead, first, next) : cursorFrom(nextToken);
  const page =
    cursor.direction === 'f'
      ? wanted.filter(({ number }) => number >= cursor.number).slice(0, limit)
      : wanted.filter(({ number }) => number < cursor.number).slice(-limit);
  const start = page[0]?.number ?? cursor.number;
  const end = page.length > 0 ? (page.at(-1)?.number ?? 0) + 1 : cursor.number;
  return {
    events: page.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
    nextForwardToken: tokenAt('f', end),
    nextBackwardToken: tokenAt('b', start),
  };
};

const cursorAt = (startFromHead: boolean, first: number, next: number) =>
  startFromHead ? { direction: 'f', number: first } : { direction: 'b', number: next };

const tokenAt = (direction: 'f' | 'b', number: number) => `${direction}/${String(number).padStart(56, '0')}/s`;

const cursorFrom = (token: string) => {
  const [, direction, number] = /^([fb])\/(\d+)\/s$/.exec(token) ?? [];
  if (direction === undefined) throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  return { direction, number: Number(number) };
};
