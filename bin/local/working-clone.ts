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
 * commit.
 */
export const workingClone = async (directory: string, url: string): Promise<WorkingClone> => {
  if (!existsSync(join(directory, '.git'))) {
    const clone = await newClone(directory, url, MAIN);
    if ((await clone.git('ls-remote', '--heads', 'origin', MAIN)) !== '')
      await clone.git('pull', '--quiet', 'origin', MAIN);
    return clone;
  }
  const clone = cloneAt(directory, MAIN);
  // The embedded GitHub may have another port than last time.
  await clone.git('remote', 'set-url', 'origin', url);
  return clone;
};

const MAIN = 'main';

/** Makes a clone that stands on a branch of its own, without looking at what was pushed before. */
export const newClone = async (directory: string, url: string, branch: string): Promise<WorkingClone> => {
  mkdirSync(directory, { recursive: true });
  const clone = cloneAt(directory, branch);
  await clone.git('init', '--quiet', `--initial-branch=${branch}`);
  appendFileSync(join(directory, '.git/config'), settings(url));
  return clone;
};

/**
 * Git runs beside us: the server it talks to may live in this very process. No setting of the machine, such as a hook or
 * a signature, gets in the way of what we do there.
 */
const cloneAt = (directory: string, branch: string): WorkingClone => {
  const git = async (...words: string[]) =>
    (await run('git', ['-C', directory, ...words], { env: gitEnvironment() })).stdout.trim();
  // One process that starts the others: to start one from here is dear, as this one may hold a whole cloud.
  const inOne = (script: string, ...words: string[]) =>
    git('-c', `alias.steps=!f() { ${script}; }; f`, 'steps', ...words);
  return {
    directory,
    git,
    push: () => inOne(PUSH, branch),
    pushRelease: (name) => {
      const release = join(RELEASES, name);
      cpSync(release, directory, { recursive: true, filter: (path) => !path.endsWith(MESSAGE) });
      const message = readFileSync(join(release, MESSAGE), 'utf8').trim();
      return inOne(`git add --all && git commit --quiet --message "$2" && ${PUSH}`, branch, message);
    },
  };
};

const PUSH = 'git push --quiet --set-upstream origin "$1" && git rev-parse HEAD';
