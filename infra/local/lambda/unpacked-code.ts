import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unpackZip } from './unpack-zip.ts';

export interface CodeSource {
  /** Where the folders of unpacked code lie. */
  readonly directory: string;
  /** Name of the bytes of an object, which changes with them; undefined where there is none. */
  readonly hashOf: (bucket: string, key: string) => string | undefined;
  readonly read: (bucket: string, key: string) => Buffer | undefined;
}

/** Folder of the code that stands as a zip in a bucket, unpacked once; undefined where there is none. */
export const unpackedCode =
  ({ directory, hashOf, read }: CodeSource) =>
  (bucket: string, key: string): string | undefined => {
    const hash = hashOf(bucket, key);
    if (hash === undefined) return undefined;
    const folder = join(directory, hash);
    const zip = existsSync(folder) ? undefined : read(bucket, key);
    if (zip) unpackInto(folder, zip);
    return folder;
  };

/** Whole or not at all: another life may have been killed at it. */
const unpackInto = (folder: string, zip: Buffer): void => {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  unpackZip(zip, part);
  renameSync(part, folder);
};
