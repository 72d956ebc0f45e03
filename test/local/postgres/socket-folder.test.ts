import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { serverAccount } from '../../../infra/local/postgres/server-account.ts';
import {
  makeSocketFolder,
  removeSocketFolder,
  socketFolderOf,
  socketPathIn,
} from '../../../infra/local/postgres/socket-folder.ts';

const account = serverAccount();
const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'socket-folder-'));
  chmodSync(made, 0o755);
  cleanups.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

test('data has its socket in the same place every time, and other data in another', () => {
  expect(socketFolderOf('/data/main')).toBe(socketFolderOf('/data/other/../main'));
  expect(socketFolderOf('/data/main')).not.toBe(socketFolderOf('/data/second'));
});

test('a temporary folder that is too deep for a socket, or closed to the account of the server, is not taken', () => {
  const place = folder();
  const fit = socketFolderOf('/data/main', place);
  expect(fit.startsWith(place)).toBe(true);
  mkdirSync(fit, { mode: 0o700 });
  expect(socketFolderOf('/data/main', place)).toBe(fit);
  const deep = join(place, 'd'.repeat(80));
  mkdirSync(deep);
  const instead = socketFolderOf('/data/main', deep);
  expect(instead).toMatch(/^\/tmp\/slipway-pg-\w{16}$/);
  expect(Buffer.byteLength(socketPathIn(instead, 65_535))).toBeLessThanOrEqual(103);
  const closed = join(place, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  expect(socketFolderOf('/data/main', closed)).toBe(instead);
});

test('the folder belongs to the account of the server alone, also when it was there and open', () => {
  const path = join(folder(), 'sockets');
  makeSocketFolder(path, account);
  chmodSync(path, 0o777);
  makeSocketFolder(path, account);
  const { mode, uid } = statSync(path);
  expect(mode & 0o777).toBe(0o700);
  expect(uid).toBe(account?.uid ?? process.getuid?.());
  writeFileSync(join(path, '.s.PGSQL.1'), '');
  removeSocketFolder(path);
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  removeSocketFolder(path);
});

test('a name that something else has is not used', () => {
  const place = folder();
  symlinkSync(place, join(place, 'link'));
  writeFileSync(join(place, 'file'), '');
  for (const name of ['link', 'file'])
    expect(() => makeSocketFolder(join(place, name), account)).toThrow(
      /is needed for the socket of a database, but is no folder of user \d+\. Nothing was started\. Remove it/,
    );
});
