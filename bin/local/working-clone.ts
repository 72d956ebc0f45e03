import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './synthesise.ts';

const RELEASES = join(ROOT, 'examples/shop/releases');
const MESSAGE = 'MESSAGE.txt';

/** A clone of the example's repository that a person, or a test, works in. */
export interface WorkingClone {
  readonly directory: string;
  /** Takes the files of a release, commits and pushes them. Answers the commit. */
  pushRelease(name: string): string;
  /** Pushes whatever is committed. */
  push(): string;
  git(...words: string[]): string;
}

/** Names of the example's releases, in order. */
export const releaseNames = (): readonly string[] => readdirSync(RELEASES).sort();

/** Opens the clone, or makes it; an identity of its own, so that a machine without one can commit. */
export const workingClone = (directory: string, url: string): WorkingClone => {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', directory, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  if (!existsSync(join(directory, '.git'))) {
    mkdirSync(directory, { recursive: true });
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'You');
    git('config', 'user.email', 'you@example.invalid');
    git('remote', 'add', 'origin', url);
  }
  // The embedded GitHub may have another port than last time.
  git('remote', 'set-url', 'origin', url);
  const push = () => {
    git('push', '--quiet', '--set-upstream', 'origin', 'main');
    return git('rev-parse', 'HEAD');
  };
  return {
    directory,
    git,
    push,
    pushRelease: (name) => {
      const release = join(RELEASES, name);
      cpSync(release, directory, { recursive: true, filter: (path) => !path.endsWith(MESSAGE) });
      git('add', '--all');
      git('commit', '--quiet', '--message', readFileSync(join(release, MESSAGE), 'utf8').trim());
      return push();
    },
  };
};
