import { type ExecFileException, execFile, spawnSync } from 'node:child_process';

/**
 * The environment for every git process: no system, user or repository setting of the machine reaches it, no variable of
 * a surrounding git command, and no hook, so that a global core.hooksPath or a missing identity never matters.
 */
export const gitEnvironment = (): Record<string, string> => {
  const own = Object.entries(process.env).filter(([name, value]) => !name.startsWith('GIT_') && value !== undefined);
  const settings = [
    ['safe.directory', '*'],
    ['core.hooksPath', '/dev/null'],
    ['maintenance.auto', 'false'],
    ['receive.autogc', 'false'],
  ];
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    GIT_TERMINAL_PROMPT: '0',
    // Of what is made new: refs are read from their files (a git that knows no other format passes over this).
    GIT_DEFAULT_REF_FORMAT: 'files',
  };
};

/**
 * Runs git in a repository; `input` goes to its standard input.
 * @throws Error with git's own words when it fails
 */
export const git = (directory: string, args: readonly string[], input?: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = {
      cwd: directory,
      env: gitEnvironment(),
      encoding: 'buffer' as const,
      maxBuffer: 256 * 1024 * 1024,
    };
    const done = (error: ExecFileException | null, stdout: Buffer, stderr: Buffer) =>
      error ? reject(new Error(`git ${args[0]} failed: ${String(stderr).trim() || error.message}`)) : resolve(stdout);
    const child = execFile('git', [...args], options, done);
    child.stdin?.on('error', () => undefined); // git that ends early says why on stderr
    child.stdin?.end(input ?? '');
  });

/** As `git`, for questions whose answer may be that there is none. */
export const tryGit = (directory: string, args: readonly string[], input?: string): Promise<Buffer | undefined> =>
  git(directory, args, input).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('git ')) return undefined;
    throw error;
  });

/** @throws Error that says what to do when git is not on the PATH */
export const requireGit = (): void => {
  const { error } = spawnSync('git', ['--version']);
  if (error)
    throw new Error('The embedded GitHub needs git, and none was found on the PATH. Install git and start again.', {
      cause: error,
    });
};
