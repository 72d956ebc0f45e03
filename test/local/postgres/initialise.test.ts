import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Binaries, findBinaries } from '../../../infra/local/postgres/binaries.ts';
import { initialise } from '../../../infra/local/postgres/initialise.ts';
import { startServer } from '../../../infra/local/postgres/server.ts';
import { ownFolder, serverAccount } from '../../../infra/local/postgres/server-account.ts';
import { superuserUrl } from '../../../infra/local/postgres/server-options.ts';
import { memoryFolder } from '../../support/memory-folder.ts';

const account = serverAccount();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Places for a run, with programs that write down how they are called before they do what they are told here. */
const setUp = (initdb: string, postgres: string, version = '1') => {
  const root = mkdtempSync(join(tmpdir(), 'initialise-'));
  cleanups.push(() => rmSync(root, { recursive: true }));
  chmodSync(root, 0o755);
  const memory = memoryFolder('initialise-');
  cleanups.push(() => rmSync(memory, { recursive: true }));
  const temporary = join(memory, 'temporary');
  mkdirSync(temporary);
  const calls = join(root, 'calls');
  writeFileSync(calls, '');
  chmodSync(calls, 0o666);
  const program = (name: string, script: string): string => {
    const path = join(root, name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $@" >> ${calls}\n${script}\n`, { mode: 0o755 });
    return path;
  };
  const binaries: Binaries = { initdb: program('initdb', initdb), postgres: program('postgres', postgres), version };
  const instance = (name: string, superuserPassword = 'secret', more: Partial<Binaries> = {}) => {
    const directory = join(memory, name);
    ownFolder(directory, account);
    return { binaries: { ...binaries, ...more }, account, directory, superuserPassword };
  };
  const make = async (options: ReturnType<typeof instance>) => {
    const data = join(options.directory, 'data');
    await initialise(options, data, temporary);
    return data;
  };
  const called = () => readFileSync(calls, 'utf8');
  return { temporary, program, instance, make, called, timesOfInitdb: () => called().match(/^initdb /gm)?.length ?? 0 };
};

const MAKE_DATA = 'mkdir "$2" && echo made > "$2/PG_VERSION"';

test('the real programs: initdb runs once, and each instance has the password that it was given, and no other', async () => {
  const { initdb, postgres, version } = findBinaries(account);
  const { temporary, instance, make, called, timesOfInitdb } = setUp(
    `exec ${initdb} "$@"`,
    `exec ${postgres} "$@"`,
    version,
  );
  const first = instance('first', "it's \\secret");
  const second = instance('second', 'of-second', { initdb: '/nowhere/initdb' });
  await make(first);
  await make(second);
  expect(timesOfInitdb()).toBe(1);
  for (const secret of ['secret', 'of-second']) {
    expect(called()).not.toContain(secret);
    for (const name of readdirSync(temporary)) expect(readFileSync(join(temporary, name)).includes(secret)).toBe(false);
  }
  for (const options of [first, second]) {
    const { port, stop } = await startServer({ ...options, binaries: { initdb, postgres, version } });
    cleanups.push(() => stop('immediate'));
    const login = async (password: string) => {
      const client = new pg.Client({ connectionString: superuserUrl(port, password) });
      await client.connect();
      await client.end();
    };
    await login(options.superuserPassword);
    const other = options === first ? second : first;
    for (const wrong of [other.superuserPassword, '']) await expect(login(wrong)).rejects.toThrow(/password/);
  }
});

test('two that make it at once both have their data, and what is kept is whole', async () => {
  const { temporary, instance, make, timesOfInitdb } = setUp(MAKE_DATA, 'cat > /dev/null');
  const made = await Promise.all(['a', 'b'].map((name) => make(instance(name))));
  for (const data of made) expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('made\n');
  expect(timesOfInitdb()).toBe(2);
  expect(readdirSync(temporary)).toHaveLength(1);
  await make(instance('c'));
  expect(timesOfInitdb()).toBe(2);
});

test('what was taken away, or is of another version, is made anew', async () => {
  const { temporary, instance, make, timesOfInitdb } = setUp(MAKE_DATA, 'cat > /dev/null');
  await make(instance('a'));
  for (const name of readdirSync(temporary)) rmSync(join(temporary, name));
  await make(instance('b'));
  expect(timesOfInitdb()).toBe(2);
  await make(instance('c', 'secret', { version: '2' }));
  expect(timesOfInitdb()).toBe(3);
  expect(readdirSync(temporary)).toHaveLength(2);
});

test('a password that cannot be set ends in the words of PostgreSQL, leaves no data, and may be tried again', async () => {
  const { program, instance, make } = setUp(MAKE_DATA, 'cat > /dev/null');
  const failing = instance('a', 'secret', { postgres: program('failing', 'echo FATAL: no room >&2; exit 3') });
  await expect(make(failing)).rejects.toThrow('failing ended with 3: FATAL: no room. Nothing was changed.');
  expect(existsSync(join(failing.directory, 'data'))).toBe(false);
  expect(existsSync(join(await make(instance('a')), 'PG_VERSION'))).toBe(true);
});

test('an error of the statement is one of the program, and its words do not hold the password', async () => {
  const { initdb, postgres, version } = findBinaries(account);
  const { instance, program } = setUp('', '');
  const misspelt = program('misspelt', `sed s/rdsadmin/nobody/ | ${postgres} "$@"`);
  const options = instance('a', 'very-secret', { initdb, version, postgres: misspelt });
  const failure = await initialise(options, join(options.directory, 'data')).catch(String);
  expect(failure).toMatch(/misspelt ended with 1: .*role "nobody" does not exist/);
  expect(failure).not.toContain('very-secret');
});
