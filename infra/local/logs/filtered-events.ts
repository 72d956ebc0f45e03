import { AwsError, type Input } from '../wire/service.ts';
import type { LogBook, StoredEvent } from './log-book.ts';

type Found = StoredEvent & { readonly stream: string };

/**
 * FilterLogEvents: the events of a group's streams in the order of time. Patterns of plain terms: all must occur, quoted
 * phrases are one term, `?a ?b` asks for any, `-a` excludes.
 * @throws AwsError for patterns of other kinds
 */
export const filteredEvents = (book: LogBook, group: string, input: Input) => {
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000, nextToken = '0' } = input;
  const { logStreamNames, logStreamNamePrefix } = input;
  const matches = matcherOf(input.filterPattern ?? '');
  const found: Found[] = book
    .listStreams(group, logStreamNamePrefix)
    .filter(({ name }) => logStreamNames === undefined || logStreamNames.includes(name))
    .flatMap(({ name }) => book.events(group, name).map((event) => ({ ...event, stream: name })))
    .filter(({ timestamp, message }) => timestamp >= startTime && timestamp < endTime && matches(message))
    .sort((a, b) => a.timestamp - b.timestamp || a.stream.localeCompare(b.stream) || a.number - b.number);
  const from = Number(nextToken);
  return {
    events: found.slice(from, from + limit).map(({ stream, timestamp, message, ingestedAt, number }) => ({
      logStreamName: stream,
      timestamp,
      message,
      ingestionTime: ingestedAt,
      eventId: `${stream}/${number}`,
    })),
    searchedLogStreams: [],
    ...(from + limit < found.length && { nextToken: String(from + limit) }),
  };
};

const matcherOf = (pattern: string): ((message: string) => boolean) => {
  if (/^\s*[{[%]/.test(pattern))
    throw new AwsError('InvalidParameterException', `Only terms can be searched for here, not ${pattern}`);
  const terms = [...pattern.matchAll(/([?-]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign = '', quoted, plain]) => ({
    sign,
    text: quoted ?? plain ?? '',
  }));
  const texts = (sign: string) => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [all, any, none] = [texts(''), texts('?'), texts('-')];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    (any.length === 0 || any.some((text) => message.includes(text))) &&
    !none.some((text) => message.includes(text));
};
