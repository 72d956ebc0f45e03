import { join, relative } from 'node:path';

/** What the embedded cloud did since it was started last. */
export const logPath = (directory: string): string => join(directory, 'cloud.log');

/** As a person would type it from where they are. */
export const shortPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || short === '' ? path : short;
};
