import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const AUTHOR = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

export interface TestRepository {
  /** Path of the bare repository. */
  readonly path: string;
  /** Commits exactly these files and gives the SHA. */
  commit(files: Readonly<Record<string, string>>): string;
}

/** A temporary folder that anyone may read, so that processes of another user can run from it. */
export const temporaryFolder = (): { path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  execFileSync('chmod', ['755', path]);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
};

/** A bare repository inside `folder`, written without hooks and without the machine's configuration. */
export const testRepository = (folder: string, name = 'shop'): TestRepository => {
  const path = join(folder, `${name}.git`);
  const git = (...words: string[]) =>
    execFileSync('git', words, { env: { ...process.env, ...AUTHOR }, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  git('init', '--quiet', '--bare', '--initial-branch=main', path);
  return {
    path,
    commit: (files) => {
      const work = mkdtempSync(join(folder, 'work-'));
      const inRepository = (...words: string[]) => git('--git-dir', path, '--work-tree', work, ...words);
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(work, file)), { recursive: true });
        writeFileSync(join(work, file), text);
      }
      inRepository('add', '--all', work);
      inRepository('commit', '--quiet', '--allow-empty', '--message', 'Change');
      rmSync(work, { recursive: true });
      return inRepository('rev-parse', 'HEAD');
    },
  };
};
