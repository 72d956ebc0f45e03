import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** Of the end record, whose comment may follow it: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * Writes the files of a zip into a folder. Knows what packagers of code write: no encryption, no archive beyond 4 GB.
 * @throws Error for anything else, and for a name that would lead out of the folder
 */
export const unpackZip = (zip: Buffer, folder: string): void => {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('the directory of the zip is damaged');
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    if (!name.endsWith('/')) write(folder, name, contentOf(zip, at));
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
};

const endOf = (zip: Buffer): number => {
  const first = Math.max(0, zip.length - END_BYTES - LONGEST_COMMENT);
  for (let at = zip.length - END_BYTES; at >= first; at--) if (zip.readUInt32LE(at) === END) return at;
  throw new Error('it is no zip');
};

/** By the directory's sizes: those of an entry itself may stand behind its bytes. */
const contentOf = (zip: Buffer, at: number): Buffer => {
  const method = zip.readUInt16LE(at + 10);
  const size = zip.readUInt32LE(at + 20);
  const local = zip.readUInt32LE(at + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + size);
  if (method === STORED) return bytes;
  if (method === DEFLATED) return inflateRawSync(bytes);
  throw new Error(`compression method ${method} of a zip is not known`);
};

const write = (folder: string, name: string, content: Buffer): void => {
  const path = normalize(name);
  if (path.startsWith('..') || path.startsWith('/')) throw new Error(`${name} leads out of the zip's folder`);
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
