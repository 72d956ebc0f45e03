import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Dockerfile } from './dockerfile.ts';

/** An image as something that a local process can be started from. */
export interface RunnableImage {
  /** A stand-in runs its own program, whatever command a task names. */
  readonly standIn: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  /** The image's WORKDIR as an absolute path in it. */
  readonly workingDirectory: string;
  readonly ports: readonly number[];
  readonly stopSignal: string;
  /** A path inside the image as a path on this machine, when the checkout holds it; every other word as it is. */
  localPath(word: string): string;
}

/** The checkout's folder is the image's first WORKDIR; what the build would have added besides is not there. */
export const runnableCheckout = (dockerfile: Dockerfile, folder: string): RunnableImage => ({
  standIn: false,
  environment: dockerfile.environment,
  entryPoint: dockerfile.entryPoint,
  command: dockerfile.command,
  workingDirectory: dockerfile.workingDirectory,
  ports: dockerfile.ports,
  stopSignal: dockerfile.stopSignal,
  localPath: (word) => {
    if (word === dockerfile.workingDirectory) return existing(folder, posix.relative(dockerfile.root, word)) ?? folder;
    return posix.isAbsolute(word) ? (existing(folder, posix.relative(dockerfile.root, word)) ?? word) : word;
  },
});

const existing = (folder: string, relative: string): string | undefined => {
  if (relative.startsWith('..')) return undefined;
  const path = join(folder, relative);
  return existsSync(path) ? path : undefined;
};

/** The program goes in as text, so that it also runs for a user who cannot read the folder it lies in. */
export const runnableStandIn = (name: string, folder: string, program = STAND_IN_SERVER): RunnableImage => ({
  standIn: true,
  environment: { STAND_IN_IMAGE: name },
  entryPoint: ['node', '--input-type=module', '--eval', readFileSync(program, 'utf8')],
  command: [],
  workingDirectory: '/',
  ports: [],
  stopSignal: 'SIGTERM',
  localPath: (word) => (word === '/' ? folder : word),
});

const STAND_IN_SERVER = join(import.meta.dirname, 'stand-in-server.mjs');
