import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { findBinaries } from '../../../infra/local/postgres/binaries.ts';
import { isServerOf } from '../../../infra/local/postgres/postmaster.ts';
import { startServer } from '../../../infra/local/postgres/server.ts';
import { serverAccount } from '../../../infra/local/postgres/server-account.ts';
import { type ServerOptions, superuserUrl } from '../../../infra/local/postgres/server-options.ts';
import { memoryFolder } from '../../support/memory-folder.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const account = serverAccount();
const options = (more: Partial<ServerOptions> = {}): ServerOptions => {
  const directory = memoryFolder('server-');
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return { binaries: findBinaries(account), account, directory, superuserPassword: 'secret', ...more };
};

const started = async (given: ServerOptions) => {
  const server = await startServer(given);
  cleanups.push(() => server.stop('immediate'));
  return server;
};

const query = async (port: number, sql: string) => {
  const client = new pg.Client({ connectionString: superuserUrl(port, 'secret') });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

test('data outlives an orderly stop, and the same port serves it again', async () => {
  const given = options();
  const first = await started(given);
  await query(first.port, 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  expect(isServerOf(join(given.directory, 'data'), first.pid)).toBe(false);
  await expect(query(first.port, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  const second = await started({ ...given, port: first.port });
  expect(second.port).toBe(first.port);
  expect(await query(second.port, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a server that a killed process left running is taken over with its data', async () => {
  const given = options();
  const module = new URL('../../../infra/local/postgres/server.ts', import.meta.url).href;
  const script = `
    import { startServer } from '${module}';
    const server = await startServer(${JSON.stringify(given)});
    console.log(JSON.stringify(server));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const left: { pid: number; port: number } = JSON.parse(String(line));
  await query(left.port, 'CREATE TABLE kept AS SELECT 7 AS n');
  parent.kill('SIGKILL');
  await once(parent, 'close');
  const adopted = await started(given);
  expect(adopted).toMatchObject(left);
  expect(await query(adopted.port, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await adopted.stop();
  await expect(query(adopted.port, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
});

test('a server that was killed itself starts again, and what it had committed is there', async () => {
  const given = options();
  const first = await started(given);
  await query(first.port, 'CREATE TABLE kept AS SELECT 7 AS n');
  process.kill(first.pid, 'SIGKILL');
  const second = await started({ ...given, port: first.port });
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second.port, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('passwords are checked', async () => {
  const { port } = await started(options());
  const client = new pg.Client({ connectionString: superuserUrl(port, 'wrong') });
  await expect(client.connect()).rejects.toThrow('password authentication failed');
});

test('a port that another process has is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  cleanups.push(() => other.close());
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(startServer(options({ port }))).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: another process has the port. The data is untouched. End that process`,
  );
});

test('programs that do not run end in one sentence with the way out', async () => {
  const none = startServer(
    options({ binaries: { initdb: '/nowhere/initdb', postgres: '/nowhere/postgres', version: 'none' } }),
  );
  await expect(none).rejects.toThrow(/cannot start: .*ENOENT.*set SLIPWAY_POSTGRES_URL to the admin URL/);
});
