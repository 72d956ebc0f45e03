import type { World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { AwsError, type Input, type Operation, type WireService } from '../wire/service.ts';
import { eventPage } from './event-page.ts';
import { filteredEvents } from './filtered-events.ts';
import type { LogBook, LogEvent, LogGroup, LogStream } from './log-book.ts';

/** CloudWatch Logs on the wire. */
export const logsService = (world: World, book: LogBook): WireService => {
  const prefix = `arn:aws:logs:${world.region}:${world.account}:log-group:`;
  // What IAM sees: the stream, and for operations on a group the group with an empty stream.
  const onStream = {
    resources: (input: Input) => [`${prefix}${nameOf(input)}:log-stream:${input.logStreamName ?? ''}`],
  };

  const operations: Readonly<Record<string, Operation>> = {
    CreateLogGroup: {
      ...onStream,
      run: ({ logGroupName }) => {
        if (book.findGroup(logGroupName)) throw alreadyExists('log group');
        if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(logGroupName)) throw invalid('logGroupName', logGroupName);
        book.createGroup(logGroupName);
      },
    },
    DeleteLogGroup: { ...onStream, run: (input) => book.deleteGroup(getGroup(book, input).name) },
    PutRetentionPolicy: {
      ...onStream,
      run: (input) => {
        if (!RETENTION_DAYS.has(input.retentionInDays)) throw invalid('retentionInDays', input.retentionInDays);
        book.setRetention(getGroup(book, input), input.retentionInDays);
      },
    },
    DeleteRetentionPolicy: { ...onStream, run: (input) => book.setRetention(getGroup(book, input), undefined) },
    CreateLogStream: {
      ...onStream,
      run: (input) => {
        const { name } = getGroup(book, input);
        if (book.findStream(name, input.logStreamName)) throw alreadyExists('log stream');
        if (!/^[^:*]{1,512}$/.test(input.logStreamName)) throw invalid('logStreamName', input.logStreamName);
        book.createStream(name, input.logStreamName);
      },
    },
    DeleteLogStream: {
      ...onStream,
      run: (input) => book.deleteStream(nameOf(input), getStream(book, input).name),
    },
    PutLogEvents: {
      ...onStream,
      run: (input) => {
        const stream = getStream(book, input);
        const events: readonly LogEvent[] = input.logEvents;
        checkBatch(events);
        book.append(
          nameOf(input),
          stream.name,
          events.map(({ timestamp, message }) => ({ timestamp, message })),
        );
        return { nextSequenceToken: String(stream.next + events.length) };
      },
    },
    GetLogEvents: {
      ...onStream,
      run: (input) => {
        const stream = getStream(book, input);
        return eventPage(book.events(nameOf(input), stream.name), stream, input);
      },
    },
    FilterLogEvents: {
      resources: (input) => [`${prefix}${nameOf(input)}:log-stream:`],
      run: (input) => filteredEvents(book, getGroup(book, input).name, input),
    },
    DescribeLogGroups: {
      resources: (input) => [`${prefix}${input.logGroupNamePrefix ?? ''}:log-stream:`],
      run: (input) => {
        const all = book.listGroups(input.logGroupNamePrefix).map((group) => describedGroup(group, prefix));
        return page('logGroups', all, input);
      },
    },
    DescribeLogStreams: {
      resources: (input) => [`${prefix}${nameOf(input)}:log-stream:`],
      run: (input) => {
        const { name } = getGroup(book, input);
        const { orderBy = 'LogStreamName', descending = false, logStreamNamePrefix } = input;
        if (orderBy === 'LastEventTime' && logStreamNamePrefix !== undefined)
          throw new AwsError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
        const streams = book.listStreams(name, logStreamNamePrefix);
        if (orderBy === 'LastEventTime') streams.sort((a, b) => (a.lastTimestamp ?? 0) - (b.lastTimestamp ?? 0));
        if (descending) streams.reverse();
        return page(
          'logStreams',
          streams.map((stream) => describedStream(stream, `${prefix}${name}`)),
          input,
        );
      },
    },
  };
  return jsonService('logs', '1.1', operations);
};

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const nameOf = ({ logGroupName, logGroupIdentifier }: Input): string =>
  logGroupName ?? logGroupIdentifier?.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '') ?? '';

const getGroup = (book: LogBook, input: Input): LogGroup => {
  const group = book.findGroup(nameOf(input));
  if (group) return group;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
};

const getStream = (book: LogBook, input: Input): LogStream => {
  const stream = book.findStream(getGroup(book, input).name, input.logStreamName);
  if (stream) return stream;
  throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
};

const alreadyExists = (what: string) =>
  new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);

const invalid = (field: string, value: unknown) =>
  new AwsError('InvalidParameterException', `1 validation error detected: Value '${value}' at '${field}' is not valid`);

const checkBatch = (events: readonly LogEvent[]) => {
  if (events.length > 10_000) throw invalid('logEvents', `${events.length} events`);
  const isOrdered = events.every((event, index) => event.timestamp >= (events[index - 1]?.timestamp ?? 0));
  if (!isOrdered)
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
};

const describedGroup = ({ name, createdAt, retentionInDays }: LogGroup, prefix: string) => ({
  logGroupName: name,
  creationTime: createdAt,
  retentionInDays,
  arn: `${prefix}${name}:*`,
  logGroupArn: `${prefix}${name}`,
  storedBytes: 0,
});

const describedStream = (stream: LogStream, groupArn: string) => ({
  logStreamName: stream.name,
  creationTime: stream.createdAt,
  firstEventTimestamp: stream.firstTimestamp,
  lastEventTimestamp: stream.lastTimestamp,
  lastIngestionTime: stream.lastIngestion,
  uploadSequenceToken: String(stream.next),
  arn: `${groupArn}:log-stream:${stream.name}`,
});

const page = (field: string, all: readonly object[], { limit = 50, nextToken = '0' }: Input) => {
  const from = Number(nextToken);
  return {
    [field]: all.slice(from, from + limit),
    ...(from + limit < all.length && { nextToken: String(from + limit) }),
  };
};
