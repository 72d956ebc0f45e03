import type { ChildProcess } from 'node:child_process';
import { unusable } from './unusable.ts';

/**
 * The exit code of a program, or the signal that ended it.
 * @throws Error when it cannot be started at all
 */
export const ended = (child: ChildProcess): Promise<number | string | null> =>
  new Promise((resolve, reject) => {
    child.once('error', (error) => reject(unusable(error.message)));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
