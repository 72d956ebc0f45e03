import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../infra/local/postgres/free-port.ts';
import { ownFolder, serverAccount } from '../../../infra/local/postgres/server-account.ts';
import { memoryFolder } from '../../support/memory-folder.ts';

const folder = '/usr/lib/postgresql';

/** Major versions of PostgreSQL that Debian's packages installed here. */
export const installedVersions: readonly string[] = (existsSync(folder) ? readdirSync(folder) : []).filter((version) =>
  existsSync(join(folder, version, 'bin', 'initdb')),
);

/** A server of an installed version, with its own tools: older ones know fewer settings than the embedded one. */
export const startInstalledPostgres = async (version: string) => {
  const directory = memoryFolder('installed-postgres-');
  const data = join(directory, 'data');
  const run = (program: string, ...options: readonly string[]) => {
    const { status, stderr } = spawnSync(join(folder, version, 'bin', program), ['-D', data, ...options], {
      ...serverAccount(),
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  };
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    ownFolder(directory, serverAccount());
    const secret = join(directory, 'password');
    writeFileSync(secret, 'superuser-password');
    run(
      'initdb',
      '-U',
      'super',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      `--pwfile=${secret}`,
    );
    const port = await freePort();
    const settings = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=off`;
    run('pg_ctl', 'start', '-w', '-l', join(directory, 'log'), '-o', settings);
    const end = () => {
      run('pg_ctl', 'stop', '-w', '-m', 'immediate');
      remove();
    };
    // A test run that ends without stop() leaves neither the process nor its files.
    process.once('exit', end);
    const stop = async () => {
      process.off('exit', end);
      end();
    };
    return { superuserUrl: `postgresql://super:superuser-password@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    remove();
    throw error;
  }
};
