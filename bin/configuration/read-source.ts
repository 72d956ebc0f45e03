import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { ConfigurationFile } from '../../functions/domain/configuration/configuration-error.ts';
import { Complaint } from '../complaint.ts';
import { codeOf, messageOf } from '../message-of.ts';

/** A file may be as large, and git's answer with it. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The text of a file, or of `REVISION:PATH` as git means it: from the top of its repository, or `REVISION:./PATH` from
 * here.
 * @throws Complaint when there is neither
 */
export const readSource = (name: string): ConfigurationFile => {
  if (existsSync(name) || !name.includes(':')) return { path: name, text: textOf(name) };
  const asked = spawnSync('git', ['cat-file', '--end-of-options', 'blob', name], {
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  });
  if (asked.status === 0) return { path: name, text: asked.stdout };
  const why = asked.error ? messageOf(asked.error) : asked.stderr.trim();
  throw new Complaint(`${name} is no file, and git does not have it: ${why}. Name a file, or REVISION:PATH.`);
};

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'it does not exist' : messageOf(error);
    throw new Complaint(`${path} cannot be read: ${why}. Name a file, or REVISION:PATH of a Git repository.`, {
      cause: error,
    });
  }
};
