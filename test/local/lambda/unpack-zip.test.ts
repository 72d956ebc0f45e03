import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unpackZip } from '../../../infra/local/lambda/unpack-zip.ts';
import { unpackedCode } from '../../../infra/local/lambda/unpacked-code.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As packagers write it that do not know the sizes beforehand: they stand behind the bytes, and in the directory. */
const zipOf = (files: Readonly<Record<string, string>>, method = 8, comment = ''): Buffer => {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const bytes = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.concat([local, Buffer.from(name), bytes, Buffer.alloc(16)]);
    const row = Buffer.alloc(46);
    row.writeUInt32LE(0x02014b50, 0);
    row.writeUInt16LE(method, 10);
    row.writeUInt32LE(bytes.length, 20);
    row.writeUInt16LE(Buffer.byteLength(name), 28);
    row.writeUInt16LE(4, 30);
    row.writeUInt32LE(at, 42);
    directory.push(row, Buffer.from(name), Buffer.alloc(4));
    entries.push(entry);
    at += entry.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...entries, ...directory, end, Buffer.from(comment)]);
};

test('every file comes out as it went in, packed or not, in folders of its own, whatever comment follows', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-zä]{1,8}){0,2}\.mjs$/);
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string({ maxLength: 300 }), { minKeys: 1, maxKeys: 5 }),
      fc.constantFrom(0, 8),
      fc.constantFrom('', 'a comment'),
      (files, method, comment) => {
        unpackZip(zipOf(files, method, comment), folder);
        for (const [path, text] of Object.entries(files)) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
      },
    ),
    { numRuns: 50 },
  );
});

test('what is no zip, is packed in a way nobody knows, or leads out of the folder is refused', () => {
  expect(() => unpackZip(Buffer.from('just some text, long enough'), folder)).toThrow('it is no zip');
  expect(() => unpackZip(zipOf({ 'a.mjs': 'x' }, 12), folder)).toThrow('compression method 12');
  expect(() => unpackZip(zipOf({ '../a.mjs': 'x' }), folder)).toThrow('leads out of');
});

test('the code of an object is unpacked once for its bytes, and again for others', () => {
  let reads = 0;
  const objects: Record<string, { readonly hash: string; readonly zip: Buffer }> = {
    'code/a': { hash: 'h1', zip: zipOf({ 'a.mjs': 'one' }) },
  };
  const find = unpackedCode({
    directory: folder,
    hashOf: (bucket, key) => objects[`${bucket}/${key}`]?.hash,
    read: (bucket, key) => {
      reads++;
      return objects[`${bucket}/${key}`]?.zip;
    },
  });
  expect(find('code', 'b')).toBeUndefined();
  const first = find('code', 'a') ?? '';
  expect(find('code', 'a')).toBe(first);
  expect(reads).toBe(1);
  expect(readFileSync(join(first, 'a.mjs'), 'utf8')).toBe('one');
  objects['code/a'] = { hash: 'h2', zip: zipOf({ 'a.mjs': 'two' }) };
  expect(readFileSync(join(find('code', 'a') ?? '', 'a.mjs'), 'utf8')).toBe('two');
  expect(readdirSync(folder).sort()).toEqual(['h1', 'h2']);
});
