import { stopAfter, stopAll } from '../stop-all.ts';
import { openDoor } from './door/door.ts';
import { tokenUsers } from './door/token-users.ts';
import { freePort } from './free-port.ts';
import { portTaken } from './launch.ts';
import { type Server, startServer } from './server.ts';
import { type ServerOptions, superuserUrl } from './server-options.ts';
import { socketFolderOf, socketPathIn } from './socket-folder.ts';

export interface Guard {
  /** Why a token does not let a user in through this port; undefined when it does. */
  readonly refusalOf: (port: number, user: string, token: string) => string | undefined;
  readonly log: (line: string) => void;
}

/**
 * A server behind a front door: the port that is wanted, or a free one, is the door's, and the server itself has another.
 * @throws Error that says what happened and what to do
 */
export const startGuardedServer = async ({ port, ...options }: ServerOptions, guard: Guard): Promise<Server> => {
  const socketFolder = socketFolderOf(options.directory);
  const keepFree = [...(options.keepFree ?? []), ...(port === undefined ? [] : [port])];
  const server = await startServer({ ...options, keepFree, socketFolder });
  const users = tokenUsers(superuserUrl(server.port, options.superuserPassword));
  const openAt = (doorPort: number) =>
    openDoor({
      port: doorPort,
      serverPort: server.port,
      socketPath: socketPathIn(socketFolder, server.port),
      needsToken: users.needsToken,
      refusalOf: (user, token) => guard.refusalOf(doorPort, user, token),
      log: guard.log,
    });
  const opened = await opening(port, keepFree, openAt).catch((error: unknown) =>
    stopAfter(error, () => stopAll([server.stop, users.close])),
  );
  return {
    port: opened.port,
    pid: server.pid,
    // The server first: it says to who is inside why they have to go.
    stop: (how) => stopAll([() => server.stop(how), opened.door.close, users.close]),
  };
};

const TRIES = 5;

const opening = async <Door>(
  wanted: number | undefined,
  keepFree: readonly number[],
  openAt: (port: number) => Promise<Door>,
): Promise<{ readonly door: Door; readonly port: number }> => {
  for (let tries = 1; ; tries++) {
    const port = wanted ?? (await freePort(keepFree));
    try {
      return { door: await openAt(port), port };
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (wanted !== undefined || tries === TRIES) throw portTaken(port);
    }
  }
};

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
