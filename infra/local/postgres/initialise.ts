import { createHash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Binaries } from './binaries.ts';
import { packData, unpackData } from './data-archive.ts';
import { runProgram } from './run-program.ts';
import { type ServerOptions, SUPERUSER } from './server-options.ts';

/**
 * Makes the data directory of a server. Made beside its place and renamed, so that a kill in between leaves nothing half made.
 * What initdb makes is kept in the temporary folder and used from then on, since initdb takes four times as long as a copy.
 * @throws Error with the last words of initdb or postgres
 */
export const initialise = async (options: ServerOptions, data: string, temporary = tmpdir()): Promise<void> => {
  const part = `${data}.part`;
  const archive = archiveOf(options.binaries, temporary);
  rmSync(part, { recursive: true, force: true });
  if (!(await unpackData(archive, part, options.account))) {
    await runProgram(options, { program: options.binaries.initdb, words: ['-D', part, ...INITDB] });
    packData(part, archive);
  }
  await setPassword(options, part);
  renameSync(part, data);
};

/** The superuser has no password, so that nobody logs in before each instance gave it one of its own. */
const INITDB = [
  ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ...[`--username=${SUPERUSER}`, '--auth-local=reject', '--auth-host=scram-sha-256'],
  ...['--no-sync', '--no-instructions', '--wal-segsize=4'],
];

/** One for all instances of the same programs and settings, and for each account that runs this process. */
const archiveOf = ({ version }: Binaries, temporary: string): string => {
  const made = JSON.stringify([version, INITDB, process.getuid?.()]);
  return join(temporary, `slipway-postgres-data-${createHash('sha256').update(made).digest('hex').slice(0, 16)}`);
};

/** By the single-user mode, which asks for no password (https://www.postgresql.org/docs/current/app-postgres.html). */
const setPassword = ({ binaries, superuserPassword, ...options }: ServerOptions, data: string): Promise<void> =>
  runProgram(options, {
    program: binaries.postgres,
    words: ['--single', '-D', data, ...SINGLE.flatMap((setting) => ['-c', setting]), 'postgres'],
    input: `ALTER ROLE ${SUPERUSER} PASSWORD ${pg.escapeLiteral(superuserPassword)}\n`,
  });

/** By itself it goes on after an error, and repeats the statement with its password in what it says. */
const SINGLE = ['exit_on_error=on', 'log_min_error_statement=panic', 'log_checkpoints=off', 'fsync=off'];
