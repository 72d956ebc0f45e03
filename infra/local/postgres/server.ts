import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, unusable } from './binaries.ts';
import { endServer, isServerOf, readPostmaster } from './postmaster.ts';
import { ownFolder, type ServerAccount } from './server-account.ts';

/** The bootstrap superuser, hidden as in RDS: nobody but this cloud has its password. */
export const SUPERUSER = 'rdsadmin';

export interface ServerOptions {
  readonly binaries: Binaries;
  readonly account: ServerAccount | undefined;
  /** Holds the data directory and the server's log. */
  readonly directory: string;
  readonly superuserPassword: string;
  /** The port to listen on; without it a free one is chosen. */
  readonly port?: number | undefined;
}

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
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const { directory, account } = options;
  const data = join(directory, 'data');
  ownFolder(directory, account);
  if (!existsSync(data)) await initialise(options, data);
  const left = readPostmaster(data);
  if (left && (await answers(left.port, options.superuserPassword, data))) return serverAt(data, left.pid, left.port);
  if (left) await clearAway(data, left.pid);
  return options.port === undefined ? startOnFreePort(options, data) : launch(options, data, options.port);
};

export const superuserUrl = (port: number, password: string): string =>
  `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;

/** Ends whatever serves a directory and removes it with all data. */
export const discardServer = async (directory: string): Promise<void> => {
  const data = join(directory, 'data');
  const left = readPostmaster(data);
  if (left) await endServer(data, left.pid, 'SIGQUIT');
  rmSync(directory, { recursive: true, force: true });
};

/** Made beside its place and renamed, so that a kill in between leaves nothing half made. */
const initialise = async ({ binaries, account, directory, superuserPassword }: ServerOptions, data: string) => {
  const part = `${data}.part`;
  const passwordFile = join(directory, 'password');
  rmSync(part, { recursive: true, force: true });
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const login = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const speed = ['--no-sync', '--no-instructions', '--wal-segsize=4'];
  const child = spawn(binaries.initdb, ['-D', part, ...locale, ...login, ...speed], environment(account, directory));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const code = await ended(child);
  rmSync(passwordFile);
  if (code !== 0) throw unusable(`initdb ended with ${code}: ${said.trim().split('\n').slice(-3).join(' ')}`);
  renameSync(part, data);
};

const environment = (account: ServerAccount | undefined, cwd: string) => ({
  ...account,
  cwd,
  env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
});

const ended = (child: ChildProcess): Promise<number | string | null> =>
  new Promise((resolve, reject) => {
    child.once('error', (error) => reject(unusable(error.message)));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });

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

const clearAway = async (data: string, pid: number) => {
  if (isServerOf(data, pid)) await endServer(data, pid);
  // Its process is gone: the file would make the new server believe that it still runs.
  else rmSync(join(data, 'postmaster.pid'), { force: true });
};

const TRIES = 5;

const startOnFreePort = async (options: ServerOptions, data: string): Promise<Server> => {
  for (let tries = 1; ; tries++) {
    try {
      return await launch(options, data, await freePort());
    } catch (error) {
      if (!(error instanceof PortTaken) || tries === TRIES) throw error;
    }
  }
};

/** Below the range from which the kernel gives ports to outgoing connections, so that it is free again after a restart. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

class PortTaken extends Error {}

const LOOK_MILLIS = 10;

const launch = async ({ binaries, account, directory }: ServerOptions, data: string, port: number): Promise<Server> => {
  const logFile = join(directory, 'postgres.log');
  const log = openSync(logFile, 'w');
  const settings = [...SETTINGS, `port=${port}`].flatMap((setting) => ['-c', setting]);
  // A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops the server in order.
  const child = spawn(binaries.postgres, ['-D', data, ...settings], {
    ...environment(account, directory),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  let failure: unknown;
  const over = ended(child).then(
    (code) => `ended with ${code}`,
    (error: unknown) => {
      failure = error;
      return 'did not start';
    },
  );
  for (;;) {
    const end = await Promise.race([over, sleep(LOOK_MILLIS)]);
    if (failure) throw failure;
    if (end) throw launchFailure(end, readFileSync(logFile, 'utf8'), port);
    const postmaster = readPostmaster(data);
    if (postmaster?.isReady && postmaster.pid === child.pid) return serverAt(data, postmaster.pid, port);
  }
};

/** Small and quick rather than safe against a power cut; one process per connection, so few of them. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
  'shared_buffers=16MB',
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'io_method=sync',
];

const launchFailure = (end: string, log: string, port: number): Error => {
  if (/could not bind|could not create any TCP/.test(log))
    return new PortTaken(
      `PostgreSQL cannot listen on 127.0.0.1:${port}: another process has the port. The data is untouched. ` +
        'End that process and start again.',
    );
  return unusable(`postgres ${end}: ${log.trim().split('\n').slice(-3).join(' ')}`);
};

const serverAt = (data: string, pid: number, port: number): Server => ({
  port,
  pid,
  stop: (how = 'fast') => endServer(data, pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT'),
});
