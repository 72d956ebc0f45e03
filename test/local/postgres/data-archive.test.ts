import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packData, unpackData } from '../../../infra/local/postgres/data-archive.ts';
import { serverAccount } from '../../../infra/local/postgres/server-account.ts';

const account = serverAccount();
const FILES = {
  PG_VERSION: Buffer.from('18\n'),
  'base/1/112': Buffer.from([0, 10, 13, 255, 10]),
  'base/1/113': Buffer.alloc(0),
  'base/10/112': Buffer.alloc(9_000, 7),
};
const FOLDERS = ['base', 'base/1', 'base/10', 'pg_dynshmem', 'pg_wal', 'pg_wal/summaries'];

let folder: string;
let archive: string;
let data: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-archive-'));
  archive = join(folder, 'archive');
  data = join(folder, 'data');
  for (const name of FOLDERS) mkdirSync(join(data, name), { recursive: true, mode: 0o755 });
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(data, name), content);
  packData(data, archive);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('what comes out is what went in, empty folders and files too, for the account of the server alone', async () => {
  const copy = join(folder, 'copy');
  expect(await unpackData(archive, copy, account)).toBe(true);
  const names = readdirSync(copy, { recursive: true, encoding: 'utf8' }).sort();
  expect(names).toEqual([...FOLDERS, ...Object.keys(FILES)].sort());
  for (const [name, content] of Object.entries(FILES))
    expect(readFileSync(join(copy, name)).equals(content)).toBe(true);
  const uid = account?.uid ?? process.getuid?.();
  for (const name of ['', ...names]) {
    const stat = statSync(join(copy, name));
    expect([name, stat.uid, stat.mode & 0o777]).toEqual([name, uid, stat.isDirectory() ? 0o700 : 0o600]);
  }
});

test('the archive is that of its owner alone, and nothing is left beside it', () => {
  const { mode, uid } = statSync(archive);
  expect([mode & 0o777, uid]).toEqual([0o600, process.getuid?.()]);
  expect(readdirSync(folder).filter((name) => name.startsWith('archive'))).toEqual(['archive']);
});

test('an archive that is not there, or not all of it, is none, and nothing is made from it', async () => {
  const part = join(folder, 'part');
  const target = join(folder, 'of-part');
  expect(await unpackData(join(folder, 'none'), target, account)).toBe(false);
  const whole = readFileSync(archive);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      writeFileSync(part, whole.subarray(0, length));
      expect(await unpackData(part, target, account)).toBe(false);
      expect(existsSync(target)).toBe(false);
    }),
  );
});

test('a new archive takes the place of a broken one', () => {
  const broken = join(folder, 'broken');
  writeFileSync(broken, readFileSync(archive));
  truncateSync(broken, 100);
  packData(data, broken);
  expect(readFileSync(broken).equals(readFileSync(archive))).toBe(true);
});

test('an archive that cannot be put where it belongs leaves nothing behind', () => {
  const taken = join(folder, 'taken');
  mkdirSync(join(taken, 'by-a-folder'), { recursive: true });
  expect(() => packData(data, taken)).toThrow();
  expect(readdirSync(folder).filter((name) => name.startsWith('taken'))).toEqual(['taken']);
});

test('an archive that others can write, and a link to another place, are refused with what to do', async () => {
  const target = join(folder, 'of-stranger');
  const open = join(folder, 'open');
  const link = join(folder, 'link');
  writeFileSync(open, readFileSync(archive));
  chmodSync(open, 0o602);
  symlinkSync(archive, link);
  for (const path of [open, link])
    await expect(unpackData(path, target, account)).rejects.toThrow(
      `${path} belongs to someone else or is open to others; remove it`,
    );
  expect(existsSync(target)).toBe(false);
});
