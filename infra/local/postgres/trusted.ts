import { lstatSync } from 'node:fs';
import { unusable } from './unusable.ts';

/**
 * A file or folder that this process's account made. In a folder where anyone may write, a stranger could have put
 * something under our name, or a link to it.
 * @throws Error that says to remove it
 */
export const trusted = (path: string): string => {
  const { uid, mode } = lstatSync(path);
  if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0))
    throw unusable(`${path} belongs to someone else or is open to others; remove it`);
  return path;
};
