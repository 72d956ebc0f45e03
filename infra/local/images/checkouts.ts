import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeTree } from './git.ts';
import type { RepositorySource } from './image-source.ts';

export interface Checkouts {
  /** The folder that holds the files of the commit; made at the first call, the same ever after. */
  of(source: RepositorySource, commit: string): Promise<string>;
}

/** One checkout per (repository, commit), shared by all images and tasks: complete or absent, never in between. */
export const checkoutsIn = (directory: string): Checkouts => {
  const underWay = new Map<string, Promise<string>>();
  const write = async (repository: string, commit: string, folder: string) => {
    if (existsSync(folder)) return folder;
    const unfinished = `${folder}.${process.pid}.part`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    await writeTree(repository, commit, unfinished);
    if (existsSync(folder)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, folder);
    return folder;
  };
  return {
    of: (source, commit) => {
      const folder = join(directory, source.repositoryName.replaceAll('/', '+'), commit);
      const writing = underWay.get(folder) ?? write(source.repository, commit, folder);
      underWay.set(folder, writing);
      return writing.finally(() => underWay.delete(folder));
    },
  };
};
