import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store.ts';

export interface ObjectBytes {
  read(name: string): Buffer;
  write(name: string, body: Buffer): void;
  remove(name: string): void;
}

/** The bytes of objects: files of a directory, or, without one, rows of the store in base64. */
export const objectBytes = (store: Store, directory?: string): ObjectBytes =>
  directory === undefined ? inStore(store) : inDirectory(directory);

const inStore = (store: Store): ObjectBytes => {
  const rows = store.table<string>('s3.bytes');
  return {
    read: (name) => Buffer.from(rows.get(name) ?? '', 'base64'),
    write: (name, body) => rows.put(name, body.toString('base64')),
    remove: rows.delete,
  };
};

const inDirectory = (directory: string): ObjectBytes => {
  mkdirSync(directory, { recursive: true });
  return {
    read: (name) => readFileSync(join(directory, name)),
    write: (name, body) => {
      const path = join(directory, name);
      writeFileSync(`${path}.part`, body);
      renameSync(`${path}.part`, path);
    },
    remove: (name) => rmSync(join(directory, name), { force: true }),
  };
};
