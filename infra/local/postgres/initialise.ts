import { spawn } from 'node:child_process';
import { chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unusable } from './binaries.ts';
import { ended } from './ended.ts';
import { environment, type ServerOptions, SUPERUSER } from './server-options.ts';

/**
 * Makes the data directory of a server. Made beside its place and renamed, so that a kill in between leaves nothing half made.
 * @throws Error with the last words of initdb
 */
export const initialise = async ({ binaries, account, directory, superuserPassword }: ServerOptions, data: string) => {
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
