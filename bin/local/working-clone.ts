import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitEnvironment } from '../../infra/local/github/git.ts';
import { ROOT } from './synthesise.ts';

/** Of the example. */
export const RELEASES = join(ROOT, 'examples/shop/releases');
const MESSAGE = 'MESSAGE.txt';

/** A clone of the example's repository that a person, or a test, works in. */
export interface WorkingClone {
  readonly directory: string;
  /** Takes the files of a release, commits and pushes them. Answers the commit. */
  pushRelease(name: string): Promise<string>;
  /** Pushes whatever is committed. */
  push(): Promise<string>;
  git(...words: string[]): Promise<string>;
}

/** Names of the example's releases, in order. */
export const releaseNames = (): readonly string[] => readdirSync(RELEASES).sort();

const run = promisify(execFile);

/** An identity, and where it came from; a proxy of the machine's leads away from there. */
const settings = (url: string) => `[user]
	name = You
	email = you@example.invalid
[remote "origin"]
	url = ${url}
	fetch = +refs/heads/*:refs/remotes/origin/*
	proxy =
`;

/**
 * Opens the clone, or makes it, with what was pushed before; an identity of its own, so that a machine without one can
 * commit. Git runs beside us: the server it talks to may live in this very process. No setting of the machine, such as
 * a hook or a signature, gets in the way of what we do there.
 */
export const workingClone = async (directory: string, url: string): Promise<WorkingClone> => {
  const git = async (...words: string[]) =>
    (await run('git', ['-C', directory, ...words], { env: gitEnvironment() })).stdout.trim();
  const isNew = !existsSync(join(directory, '.git'));
  if (isNew) {
    mkdirSync(directory, { recursive: true });
    await git('init', '--quiet', '--initial-branch=main');
    appendFileSync(join(directory, '.git/config'), settings(url));
  }
  // The embedded GitHub may have another port than last time.
  else await git('remote', 'set-url', 'origin', url);
  if (isNew && (await git('ls-remote', '--heads', 'origin', 'main')) !== '')
    await git('pull', '--quiet', 'origin', 'main');
  const push = async () => {
    await git('push', '--quiet', '--set-upstream', 'origin', 'main');
    return git('rev-parse', 'HEAD');
  };
  return {
    directory,
    git,
    push,
    pushRelease: async (name) => {
      const release = join(RELEASES, name);
      cpSync(release, directory, { recursive: true, filter: (path) => !path.endsWith(MESSAGE) });
      await git('add', '--all');
      await git('commit', '--quiet', '--message', readFileSync(join(release, MESSAGE), 'utf8').trim());
      return push();
    },
  };
};
