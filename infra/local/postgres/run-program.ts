import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { ended } from './ended.ts';
import { environment, type ServerOptions } from './server-options.ts';
import { unusable } from './unusable.ts';

export interface Program {
  readonly program: string;
  readonly words: readonly string[];
  /** What it reads. Secrets stand here: a list of arguments is open to every account of the machine. */
  readonly input?: string;
}

/**
 * Runs a program of PostgreSQL to its end, as the server's account.
 * @throws Error with its last words
 */
export const runProgram = async (
  { account, directory }: Pick<ServerOptions, 'account' | 'directory'>,
  { program, words, input = '' }: Program,
): Promise<void> => {
  const child: ChildProcess = spawn(program, words, environment(account, directory));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  // Who ends early does not read: what it said tells why.
  child.stdin?.on('error', () => undefined).end(input);
  const code = await ended(child);
  if (code !== 0)
    throw unusable(`${basename(program)} ended with ${code}: ${said.trim().split('\n').slice(-3).join(' ')}`);
};
