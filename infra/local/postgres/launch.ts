import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended } from './ended.ts';
import { HOST_BASED_ACCESS } from './host-based-access.ts';
import { readPostmaster } from './postmaster.ts';
import { environment, type ServerOptions } from './server-options.ts';
import { makeSocketFolder } from './socket-folder.ts';
import { unusable } from './unusable.ts';

export class PortTaken extends Error {}

const LOOK_MILLIS = 10;

/**
 * Starts a server on a data directory and waits until it takes connections; gives its process id.
 * @throws PortTaken, or Error with its last words
 */
export const launch = async (options: ServerOptions, data: string, port: number): Promise<number> => {
  const { binaries, account, directory } = options;
  const logFile = join(directory, 'postgres.log');
  const log = openSync(logFile, 'w');
  const settings = [...SETTINGS, ...accessOf(options), `port=${port}`].flatMap((setting) => ['-c', setting]);
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
  try {
    for (;;) {
      const end = await Promise.race([over, sleep(LOOK_MILLIS)]);
      if (failure) throw failure;
      if (end) throw launchFailure(end, readFileSync(logFile, 'utf8'), port);
      const postmaster = readPostmaster(data);
      if (postmaster?.isReady && postmaster.pid === child.pid) return postmaster.pid;
    }
  } catch (error) {
    // Nobody else knows of it.
    child.kill('SIGQUIT');
    throw error;
  }
};

/** Small and quick rather than safe against a power cut; one process per connection, so few of them. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'max_connections=60',
  'shared_buffers=16MB',
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'io_method=sync',
];

const accessOf = ({ account, directory, socketFolder }: ServerOptions): readonly string[] => {
  if (socketFolder === undefined) return ['unix_socket_directories='];
  makeSocketFolder(socketFolder, account);
  const file = join(directory, 'host-based-access.conf');
  writeFileSync(file, HOST_BASED_ACCESS);
  return [`unix_socket_directories=${socketFolder}`, `hba_file=${file}`];
};

export const portTaken = (port: number): PortTaken =>
  new PortTaken(
    `PostgreSQL cannot listen on 127.0.0.1:${port}: another process has the port. The data is untouched. ` +
      'End that process and start again.',
  );

const launchFailure = (end: string, log: string, port: number): Error => {
  if (/could not bind|could not create any TCP/.test(log)) return portTaken(port);
  return unusable(`postgres ${end}: ${log.trim().split('\n').slice(-3).join(' ')}`);
};
