import type { RepositoryRef } from '../../domain/deployment/deployment.ts';
import { StepFailure } from '../../domain/failure.ts';
import type { SourceFile, SourceReader } from '../../ports.ts';
import { type AsInstallation, orUndefined } from './installation.ts';
import { kept } from './kept.ts';

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
}

/** A commit, a branch or a tag object; tags may point at tags. */
interface Pointed {
  readonly type: string;
  readonly sha: string;
}

const SYMBOLIC_LINK = '120000';
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** GitHub takes at most 100 requests at once, of everything that uses the App. */
const BLOBS_AT_ONCE = 20;

/** As many files as a large application has, none of them larger than a migration should be. */
const MOST_BLOBS = 200;
const LARGEST_KEPT = 64_000;

/** Every file of a release is looked for from the root of its commit; trees never change, and most are small. */
const MOST_TREES = 100;

/**
 * Reads a repository by Git trees, folder by folder, and blobs by SHA: neither has the limits of the contents API, and
 * neither changes under its SHA, so that a push costs what is new in it.
 */
export const gitHubSourceReader = (asInstallation: AsInstallation): SourceReader => {
  const trees = kept<readonly Entry[] | undefined>(MOST_TREES);
  const blobs = kept<string>(MOST_BLOBS, (content) => content.length <= LARGEST_KEPT);
  const tree = (repository: RepositoryRef, tree_sha: string, path: string): Promise<readonly Entry[] | undefined> =>
    trees(keyOf(repository, tree_sha), () =>
      asInstallation(repository, async (client, at) => {
        const answer = await orUndefined(
          client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { ...at, tree_sha }),
        );
        if (answer?.data.truncated)
          throw unreadable(`${path || 'The repository'} is too large: GitHub lists only a part of the folder`, SPLIT);
        return answer?.data.tree as readonly Entry[] | undefined;
      }),
    );

  /** The entries of a folder, one tree per level. */
  const folder = async (
    repository: RepositoryRef,
    commit: string,
    path: string,
  ): Promise<readonly Entry[] | undefined> => {
    let entries = await tree(repository, commit, '');
    if (!entries)
      throw unreadable(`${repository.owner}/${repository.name} has no commit ${commit}, or does not let it be read`);
    const walked: string[] = [];
    for (const name of namesIn(path)) {
      const next = entries?.find((entry) => entry.path === name);
      if (!next) return undefined;
      walked.push(name);
      assertNoLink(next, walked.join('/'));
      if (next.type !== 'tree') return undefined;
      entries = await tree(repository, next.sha, walked.join('/'));
    }
    return entries;
  };

  const file = async (repository: RepositoryRef, entry: Entry, path: string): Promise<SourceFile> => {
    assertNoLink(entry, path);
    const content = await blobs(keyOf(repository, entry.sha), async () => {
      const { data } = await asInstallation(repository, (client, at) =>
        client.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...at, file_sha: entry.sha }),
      );
      return Buffer.from(data.content, 'base64').toString('utf8');
    });
    if (content.startsWith(LFS_POINTER))
      throw unreadable(`${path} is kept in Git LFS, and only its pointer is in the repository`, ITSELF);
    return { path, content };
  };

  return {
    head: (repository, ref) =>
      asInstallation(repository, async (client, at) => {
        const answer = await orUndefined(
          client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref: ref.replace(/^refs\//, '') }),
        );
        let object: Pointed | undefined = answer?.data.object;
        while (object?.type === 'tag') {
          const route = 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}';
          object = (await client.request(route, { ...at, tag_sha: object.sha })).data.object;
        }
        return object?.sha;
      }),
    compare: (repository, base, commit) =>
      asInstallation(repository, async (client, at) => {
        const basehead = `${base}...${commit}`;
        const answer = await orUndefined(
          client.request('GET /repos/{owner}/{repo}/compare/{basehead}', { ...at, basehead }),
        );
        return answer?.data.status ?? 'unknown';
      }),
    findFile: async (repository, commit, path) => {
      const names = namesIn(path);
      const entries = await folder(repository, commit, names.slice(0, -1).join('/'));
      const entry = entries?.find((candidate) => candidate.path === names.at(-1));
      return entry?.type === 'blob' ? file(repository, entry, path) : undefined;
    },
    readFolder: async (repository, commit, path) => {
      const entries = await folder(repository, commit, path);
      const found = entries?.filter(({ type }) => type === 'blob').sort((a, b) => (a.path < b.path ? -1 : 1));
      if (!found) return undefined;
      const files: SourceFile[] = [];
      for (let from = 0; from < found.length; from += BLOBS_AT_ONCE) {
        const some = found.slice(from, from + BLOBS_AT_ONCE);
        files.push(
          ...(await Promise.all(
            some.map((entry) => file(repository, entry, [...namesIn(path), entry.path].join('/'))),
          )),
        );
      }
      return files;
    },
    listFolder: async (repository, commit, path) =>
      (await folder(repository, commit, path))?.map((entry) => entry.path),
  };
};

/** By installation, too: what one may read is no answer to another. */
const keyOf = ({ installationId, owner, name }: RepositoryRef, sha: string): string =>
  [installationId, owner, name, sha].join('/');

const namesIn = (path: string): readonly string[] => path.split('/').filter(Boolean);

const assertNoLink = ({ mode }: Entry, path: string) => {
  if (mode === SYMBOLIC_LINK) throw unreadable(`${path} is a symbolic link, which Slipway does not follow`, ITSELF);
};

const ITSELF = 'Put the file itself into the repository and push again';
const SPLIT = 'Spread its files over several folders and push again';
const LOOK = 'Look whether the commit still exists and the App may read the repository, then push again';

const unreadable = (message: string, remedy = LOOK) =>
  new StepFailure({ code: 'SourceUnreadable', message, left: 'Nothing was changed', remedy });
