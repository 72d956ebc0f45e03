import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';

/**
 * All refs below refs/ of a bare repository, by full name and in its order; annotated tags as the tag object. Read from
 * git's files (https://git-scm.com/docs/gitrepository-layout), since a process for each look costs far more.
 */
export const readRefs = (directory: string): Map<string, string> => {
  // In this order: git packs a ref before it takes the file away, and deletes it from the pack before the file.
  const loose = looseRefs(directory, 'refs');
  const values = new Map([...packedRefs(directory), ...loose]);
  const found = [...values.keys()].flatMap((name): [string, string][] => {
    const sha = resolved(values, name);
    return sha === undefined ? [] : [[name, sha]];
  });
  return new Map(found.sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** A file a ref, in folders as its name says; one that is being written has a name that no ref can have. */
const looseRefs = (directory: string, name: string): [string, string][] =>
  (unlessGone(() => readdirSync(join(directory, name), { withFileTypes: true })) ?? []).flatMap((entry) => {
    const below = `${name}/${entry.name}`;
    if (entry.isDirectory()) return looseRefs(directory, below);
    if (below.endsWith('.lock')) return [];
    const value = unlessGone(() => readFileSync(join(directory, below), 'utf8').trim());
    return value ? [[below, value]] : [];
  });

/** `{sha} {name}` a line, between comments and the commits of annotated tags (`^{sha}`). */
const packedRefs = (directory: string): [string, string][] => {
  const lines = unlessGone(() => readFileSync(join(directory, 'packed-refs'), 'utf8'))?.split('\n') ?? [];
  return lines.filter((line) => SHA.test(line.slice(0, 40))).map((line) => [line.slice(41), line.slice(0, 40)]);
};

const SHA = /^[0-9a-f]{40}$/;

/** Follows a symbolic ref, `ref: {name}`, as far as git does. */
const resolved = (values: ReadonlyMap<string, string>, name: string, steps = 5): string | undefined => {
  const value = values.get(name) ?? '';
  if (SHA.test(value)) return value;
  const aim = /^ref:\s*(.+)$/.exec(value)?.[1];
  return aim === undefined || steps === 0 ? undefined : resolved(values, aim, steps - 1);
};

/** What is deleted, or changes from a folder to a file, while we look is as good as gone. */
const unlessGone = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (isNativeError(error) && 'code' in error && GONE.has(String(error.code))) return;
    throw error;
  }
};

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
