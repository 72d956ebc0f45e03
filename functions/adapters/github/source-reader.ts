import type { Octokit } from '@octokit/core';
import type { RepositoryRef } from '../../domain/deployment/deployment.ts';
import { StepFailure } from '../../domain/failure.ts';
import type { SourceFile, SourceReader } from '../../ports.ts';
import { type InstallationOf, named, orUndefined } from './installation.ts';

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
}

const SYMBOLIC_LINK = '120000';
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** Reads a repository by Git trees, folder by folder, and blobs by SHA: neither has the limits of the contents API. */
export const gitHubSourceReader = (installation: InstallationOf): SourceReader => {
  const asked = async <T>(
    repository: RepositoryRef,
    ask: (client: Octokit, at: { owner: string; repo: string }) => Promise<T>,
  ): Promise<T> => {
    try {
      return await ask(await installation(repository), { owner: repository.owner, repo: repository.name });
    } catch (error) {
      throw named(error);
    }
  };

  const tree = (repository: RepositoryRef, tree_sha: string): Promise<readonly Entry[] | undefined> =>
    asked(repository, async (client, at) => {
      const answer = await orUndefined(
        client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { ...at, tree_sha }),
      );
      if (answer?.data.truncated) throw refused(tree_sha, 'is too large: GitHub sends only a part of its folder');
      return answer?.data.tree as readonly Entry[] | undefined;
    });

  /** The entries of a folder, one tree per level. */
  const folder = async (
    repository: RepositoryRef,
    commit: string,
    path: string,
  ): Promise<readonly Entry[] | undefined> => {
    let entries = await tree(repository, commit);
    for (const name of path.split('/').filter(Boolean)) {
      const next = entries?.find((entry) => entry.path === name);
      if (!next) return undefined;
      if (next.mode === SYMBOLIC_LINK) throw refused(path, 'is a symbolic link, which Slipway does not follow');
      if (next.type !== 'tree') return undefined;
      entries = await tree(repository, next.sha);
    }
    return entries;
  };

  const file = async (repository: RepositoryRef, entry: Entry, path: string): Promise<SourceFile> => {
    if (entry.mode === SYMBOLIC_LINK) throw refused(path, 'is a symbolic link, which Slipway does not follow');
    const { data } = await asked(repository, (client, at) =>
      client.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...at, file_sha: entry.sha }),
    );
    const content = Buffer.from(data.content, 'base64').toString('utf8');
    if (content.startsWith(LFS_POINTER))
      throw refused(path, 'is kept in Git LFS, and only its pointer is in the repository');
    return { path, content };
  };

  return {
    head: (repository, ref) =>
      asked(repository, async (client, at) => {
        const answer = await orUndefined(
          client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref: ref.replace(/^refs\//, '') }),
        );
        if (!answer) return undefined;
        const { object } = answer.data;
        if (object.type !== 'tag') return object.sha;
        const tag = await client.request('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', {
          ...at,
          tag_sha: object.sha,
        });
        return tag.data.object.sha;
      }),
    compare: (repository, base, commit) =>
      asked(repository, async (client, at) => {
        const basehead = `${base}...${commit}`;
        const answer = await orUndefined(
          client.request('GET /repos/{owner}/{repo}/compare/{basehead}', { ...at, basehead }),
        );
        return answer?.data.status ?? 'unknown';
      }),
    findFile: async (repository, commit, path) => {
      const slash = path.lastIndexOf('/');
      const entries = await folder(repository, commit, path.slice(0, Math.max(slash, 0)));
      const entry = entries?.find((candidate) => candidate.path === path.slice(slash + 1));
      return entry && (entry.type === 'blob' ? file(repository, entry, path) : undefined);
    },
    readFolder: async (repository, commit, path) => {
      const entries = await folder(repository, commit, path);
      if (!entries) return undefined;
      const files = entries.filter(({ type }) => type === 'blob').sort((a, b) => (a.path < b.path ? -1 : 1));
      return Promise.all(files.map((entry) => file(repository, entry, `${path}/${entry.path}`)));
    },
    listFolder: async (repository, commit, path) =>
      (await folder(repository, commit, path))?.map((entry) => entry.path),
  };
};

const refused = (path: string, why: string) =>
  new StepFailure({
    code: 'SourceUnreadable',
    message: `${path} ${why}`,
    left: 'Nothing was changed',
    remedy: 'Put the file itself into the repository and push again',
  });
