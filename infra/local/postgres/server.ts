import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { initialise } from './initialise.ts';
import { launch, PortTaken } from './launch.ts';
import { endServer, isServerOf, type Postmaster, readPostmaster } from './postmaster.ts';
import { ownFolder } from './server-account.ts';
import { type ServerOptions, superuserUrl } from './server-options.ts';
import { removeSocketFolder, socketFolderOf } from './socket-folder.ts';

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** `fast` keeps what was written; `immediate` is for data that is thrown away. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

/**
 * A running server on 127.0.0.1 for a directory: the one that a killed process left there, or a new one, with its data
 * made first where there is none.
 * @throws Error that says what happened and what to do
 */
export const startServer = async (given: ServerOptions): Promise<Server> => {
  const options = { ...given, directory: resolve(given.directory) };
  const data = join(options.directory, 'data');
  ownFolder(options.directory, options.account);
  if (!existsSync(data)) await initialise(options, data);
  const left = readPostmaster(data);
  if (left && isAsWanted(left, options) && (await answers(left.port, options.superuserPassword, data)))
    return serverAt(data, left);
  if (left) await clearAway(data, left);
  const { port } = options;
  return port === undefined ? startOnFreePort(options, data) : startAt(options, data, port);
};

/** Ends whatever serves a directory and removes it with all data. */
export const discardServer = async (directory: string): Promise<void> => {
  const data = join(resolve(directory), 'data');
  const left = readPostmaster(data);
  if (left) await endServer(data, left.pid, 'SIGQUIT');
  removeSocketFolder(left?.socketFolder ?? socketFolderOf(directory));
  rmSync(directory, { recursive: true, force: true });
};

/** Whether one that runs already listens where it should: with a front door on another port than that of the instance. */
const isAsWanted = ({ socketFolder }: Postmaster, wanted: ServerOptions): boolean =>
  socketFolder === wanted.socketFolder;

const answers = async (port: number, password: string, data: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: superuserUrl(port, password), connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW data_directory');
    return rows[0]?.['data_directory'] === data;
  } catch {
    // Whatever the reason, a server that cannot be spoken to is not adopted.
    return false;
  } finally {
    await client.end();
  }
};

const clearAway = async (data: string, { pid, socketFolder }: Postmaster) => {
  if (isServerOf(data, pid)) await endServer(data, pid);
  // Its process is gone: the file would make the new server believe that it still runs.
  else rmSync(join(data, 'postmaster.pid'), { force: true });
  if (socketFolder) removeSocketFolder(socketFolder);
};

const TRIES = 5;

const startOnFreePort = async (options: ServerOptions, data: string): Promise<Server> => {
  for (let tries = 1; ; tries++) {
    const port = await freePort(options.keepFree);
    try {
      return await startAt(options, data, port);
    } catch (error) {
      if (!(error instanceof PortTaken) || tries === TRIES) throw error;
    }
  }
};

const startAt = async (options: ServerOptions, data: string, port: number): Promise<Server> => {
  const pid = await launch(options, data, port);
  return serverAt(data, { pid, port, socketFolder: options.socketFolder });
};

interface Listening {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder?: string | undefined;
}

const serverAt = (data: string, { pid, port, socketFolder }: Listening): Server => ({
  port,
  pid,
  stop: async (how = 'fast') => {
    await endServer(data, pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    if (socketFolder) removeSocketFolder(socketFolder);
  },
});
