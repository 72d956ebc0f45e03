import { type CloudWatchLogsClient, GetLogEventsCommand, type OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { TaskRunner } from '../../ports.ts';
import { isNamed } from './named.ts';

/** Pages may come short or empty before the beginning is reached; a tail is worth only so many. */
const MOST_PAGES = 10;

/** The end of a container's log, oldest line first; a container that never ran has none. */
export const cloudWatchLogTail =
  (client: CloudWatchLogsClient): TaskRunner['logTail'] =>
  async ({ logGroup, container, prefix = container }, taskArn, lines) => {
    const logStreamName = `${prefix}/${container}/${taskArn.split('/').at(-1)}`;
    const found: OutputLogEvent[] = [];
    let nextToken: string | undefined;
    try {
      for (let page = 1; page <= MOST_PAGES && found.length < lines; page++) {
        const { events = [], nextBackwardToken } = await client.send(
          new GetLogEventsCommand({
            logGroupName: logGroup,
            logStreamName,
            limit: lines - found.length,
            startFromHead: false,
            ...(nextToken && { nextToken }),
          }),
        );
        found.unshift(...events);
        // The same token again says that the stream begins here.
        if (!nextBackwardToken || nextBackwardToken === nextToken) break;
        nextToken = nextBackwardToken;
      }
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return [];
      throw error;
    }
    return found.map(({ message = '' }) => message.trimEnd());
  };
