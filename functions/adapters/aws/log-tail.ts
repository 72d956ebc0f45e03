import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { TaskRunner } from '../../ports.ts';

/** The end of a container's log; a container that never ran has none. */
export const cloudWatchLogTail =
  (client: CloudWatchLogsClient): TaskRunner['logTail'] =>
  async ({ logGroup, container }, taskArn, lines) => {
    const taskId = taskArn.split('/').at(-1);
    try {
      const { events = [] } = await client.send(
        new GetLogEventsCommand({
          logGroupName: logGroup,
          logStreamName: `${container}/${container}/${taskId}`,
          limit: lines,
          startFromHead: false,
        }),
      );
      return events.map(({ message = '' }) => message.trimEnd());
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
      throw error;
    }
  };
