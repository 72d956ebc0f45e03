import type { Part, World } from '../part.ts';
import { logBook } from './log-book.ts';
import { logGroupResources } from './log-group-resources.ts';
import { logsService } from './logs-service.ts';

export interface Logs {
  /** Writes lines with the time of now; group and stream are made when they are missing. */
  appendLog(group: string, stream: string, lines: readonly string[]): void;
}

/** CloudWatch Logs: groups, streams and their last lines. */
export const createLogs = (world: World): Part & Logs => {
  const book = logBook(world);
  return {
    services: [logsService(world, book)],
    resources: logGroupResources(world, book),
    appendLog: (group, stream, lines) => {
      if (!book.findGroup(group)) book.createGroup(group);
      if (!book.findStream(group, stream)) book.createStream(group, stream);
      const timestamp = world.clock.now();
      book.append(
        group,
        stream,
        lines.map((message) => ({ timestamp, message })),
      );
    },
  };
};
