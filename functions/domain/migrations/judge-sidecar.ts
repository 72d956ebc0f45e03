import type { EndedMigration } from './ended-migration.ts';

/** It never ran, so that the migration, which is started after it, did not either. */
export const isSidecarMissing = ({ exitCode, sidecar }: EndedMigration): boolean =>
  exitCode === undefined && sidecar?.exitCode === undefined && sidecar?.reason !== undefined;

/** Its socket, as every client of PostgreSQL names the one that it cannot use. */
const SOCKET = /\.s\.PGSQL\.\d+/;

/**
 * The migration found nobody at the socket. ECS starts it after the sidecar, and knows of no moment at which that one listens;
 * there is no shell in its image that could be asked.
 */
export const isUnreached = ({ sidecar, log }: EndedMigration): boolean =>
  sidecar !== undefined && log.some((line) => SOCKET.test(line));

export const sidecarMissing = ({ database, sidecar }: EndedMigration) => ({
  code: 'SidecarNotStarted',
  message: `${sidecar?.name}, which logs in to databases for the migration of ${database.key}, could not start: ${sidecar?.reason}`,
});

export const unreached = (ended: EndedMigration) => ({
  code: 'SidecarUnreachable',
  message: `The migration of ${ended.database.key} did not reach its database through ${ended.sidecar?.name}, and nothing was changed:\n${ended.log.join('\n')}${besideIt(ended)}`,
});

/** What became of the sidecar, after the words about a migration that failed; it is ended with the task, and that says nothing. */
export const besideIt = ({ sidecar }: EndedMigration): string => {
  if (!sidecar) return '';
  const { name, exitCode, reason, log } = sidecar;
  const ended = exitCode === undefined || ENDED_WITH_IT.has(exitCode) ? '' : ` ended with exit code ${exitCode}`;
  const why = reason && !/^essential container/i.test(reason) ? ` (${reason})` : '';
  if (ended === '' && why === '' && log.length === 0) return '';
  return `\n${name}${ended}${why}${log.length > 0 ? `:\n${log.join('\n')}` : ''}`;
};

/** Done, SIGKILL, SIGTERM. */
const ENDED_WITH_IT = new Set([0, 137, 143]);
