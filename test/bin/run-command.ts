import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../bin/local/synthesise.ts';
import { until } from '../support/until.ts';

export interface RunningCommand {
  readonly child: ChildProcess;
  /** Everything said so far, on both streams. */
  said(): string;
  /** Resolves when this has been said. */
  says(what: string): Promise<void>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** `slipway` with these words, as a process of its own: no terminal, and no AWS account unless the variables name one. */
export const startCommand = (words: readonly string[], variables: NodeJS.ProcessEnv = {}): RunningCommand => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'bin/slipway.ts'), ...words],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_REGION: 'eu-west-1',
        ...variables,
      },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  return {
    child,
    said: () => said,
    says: async (what) => {
      await until(
        `"${what}" of slipway ${words.join(' ')}`,
        async () => said.includes(what) || child.exitCode !== null,
        async () => said,
      );
      if (!said.includes(what)) throw new Error(`slipway ${words.join(' ')} ended without "${what}":\n${said}`);
    },
    ended: once(child, 'close').then(([code, signal]) => code ?? signal),
  };
};

/** Runs it to its end. */
export const runCommand = async (
  words: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | string; readonly said: string }> => {
  const command = startCommand(words, variables);
  return { code: await command.ended, said: command.said() };
};
