import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { gitEnvironment } from '../../../infra/local/github/git.ts';
import { type GitRepository, gitRepository, initRepository } from '../../../infra/local/github/git-repository.ts';
import { pushPayload } from '../../../infra/local/github/push-payload.ts';

let home: string;
let bare: string;
let repository: GitRepository;

const git = (words: readonly string[], input = ''): string =>
  execFileSync('git', ['-C', bare, ...words], { env: gitEnvironment(), input, encoding: 'utf8' }).trim();

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'payload-'));
  bare = join(home, 'shop.git');
  await initRepository(bare, 'main');
  repository = gitRepository(bare);
});
afterEach(() => {
  repository.close();
  rmSync(home, { recursive: true, force: true });
});

/** Makes commits as `git fast-import` is told them, and gives them by mark. */
const made = (stream: string): readonly string[] => {
  const marks = join(home, 'marks');
  git(['fast-import', '--quiet', '--force', `--export-marks=${marks}`], stream);
  const rows = execFileSync('sort', ['-t:', '-k2n', marks], { encoding: 'utf8' }).trim().split('\n');
  return ['', ...rows.map((row) => row.split(' ')[1] ?? '')];
};

interface Told {
  readonly mark: number;
  /** Marks; the first is what the commit changes. */
  readonly parents?: readonly number[];
  /** By path; `undefined` takes the file away. */
  readonly files?: Readonly<Record<string, string | undefined>>;
}

const commit = ({ mark, parents = [], files = {} }: Told): string =>
  [
    // Without parents of its own it would go on from the last one.
    ...(parents.length === 0 ? ['reset refs/heads/made', ''] : []),
    'commit refs/heads/made',
    `mark :${mark}`,
    `committer Ada <ada@example.com> ${1_700_000_000 + mark} +0000`,
    data(`commit ${mark}\n\nof several lines`),
    ...parents.map((parent, index) => `${index === 0 ? 'from' : 'merge'} :${parent}`),
    ...Object.entries(files).map(([path, text]) =>
      text === undefined ? `D ${JSON.stringify(path)}` : `M 644 inline ${JSON.stringify(path)}\n${data(text)}`,
    ),
  ].join('\n');

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}`;

const importing = (commits: readonly Told[]) => made(`${commits.map(commit).join('\n')}\n`);

const payload = (before: string, after: string, refsBefore: readonly (readonly [string, string])[] = []) => {
  const urls = { url: 'http://api/repos/acme/shop', htmlUrl: 'http://api/acme/shop', cloneUrl: '' };
  const place = { owner: 'acme', name: 'shop', id: 1, defaultBranch: 'main', git: repository, ...urls };
  return pushPayload(place, { ref: 'refs/heads/main', before, after, refsBefore: new Map(refsBefore) }, 0);
};

test('files are told apart from commits, whatever they are called and whatever became of them', async () => {
  const names = ['A', 'D', 'two\nlines', ' space', 'ü/"quoted"'];
  const all = (text: string) => Object.fromEntries(names.map((name) => [name, text]));
  const [, , second = '', third = '', fourth = ''] = importing([
    { mark: 1, files: { 'old.txt': 'moved' } },
    { mark: 2, parents: [1], files: { ...all('1'), 'old.txt': undefined, 'new.txt': 'moved' } },
    { mark: 3, parents: [2] },
    { mark: 4, parents: [3], files: { ...all('2'), A: undefined } },
  ]);
  const [one = ''] = git(['rev-list', '--max-parents=0', fourth]).split('\n');
  const { commits, head_commit } = await payload(one, fourth);
  expect(commits.map(({ id }) => id)).toEqual([second, third, fourth]);
  expect(commits).toMatchObject([
    {
      added: [...names, 'new.txt'].sort(),
      removed: ['old.txt'],
      modified: [],
      message: 'commit 2\n\nof several lines',
    },
    { added: [], removed: [], modified: [] },
    { added: [], removed: ['A'], modified: names.slice(1).sort() },
  ]);
  expect(head_commit).toEqual(commits.at(-1));
});

test('a merge brings what its first parent had not, and is a step forward from either side', async () => {
  const [, root = '', left = '', right = '', merge = ''] = importing([
    { mark: 1, files: { root: '1' } },
    { mark: 2, parents: [1], files: { left: '1' } },
    { mark: 3, parents: [1], files: { right: '1' } },
    { mark: 4, parents: [2, 3], files: { right: '1' } },
  ]);
  const fromLeft = await payload(left, merge);
  expect(fromLeft).toMatchObject({ forced: false, head_commit: { id: merge, added: ['right'], modified: [] } });
  expect(fromLeft.commits.map(({ id }) => id)).toEqual([right, merge]);
  expect((await payload(right, merge)).commits.map(({ id }) => id)).toEqual([left, merge]);
  for (const before of [root, right]) expect(await payload(before, merge)).toMatchObject({ forced: false });
});

test('a step back, to the side, or to another history is forced', async () => {
  const [, root = '', left = '', right = '', elsewhere = ''] = importing([
    { mark: 1, files: { root: '1' } },
    { mark: 2, parents: [1], files: { left: '1' } },
    { mark: 3, parents: [1], files: { right: '1' } },
    { mark: 4, files: { other: '1' } },
  ]);
  expect(await payload(left, root)).toMatchObject({ forced: true, commits: [], head_commit: { added: ['root'] } });
  expect(await payload(left, right)).toMatchObject({ forced: true, commits: [{ id: right }] });
  expect(await payload(left, elsewhere)).toMatchObject({
    forced: true,
    commits: [{ id: elsewhere, added: ['other'] }],
  });
});

test('a new branch has only what no branch had, and says where it starts', async () => {
  const [, root = '', second = ''] = importing([{ mark: 1 }, { mark: 2, parents: [1] }]);
  const zero = '0'.repeat(40);
  const other = await payload(zero, root, [['refs/heads/other', second]]);
  expect(other).toMatchObject({ created: true, forced: false, commits: [], base_ref: null, head_commit: { id: root } });
  const same = await payload(zero, second, [['refs/heads/other', second]]);
  expect(same).toMatchObject({ base_ref: 'refs/heads/other', commits: [], head_commit: { id: second } });
  expect((await payload(zero, second)).commits.map(({ id }) => id)).toEqual([root, second]);
});

test('of more commits than an event lists come the newest, and a step forward is still seen as one', async () => {
  const commits = importing(
    Array.from({ length: 2_055 }, (_, index) => ({ mark: index + 1, ...(index > 0 && { parents: [index] }) })),
  );
  const [, root = '', second = ''] = commits;
  const last = commits.at(-1) ?? '';
  const told = await payload(root, last);
  expect(told).toMatchObject({ forced: false, head_commit: { id: last } });
  expect(told.commits.map(({ id }) => id)).toEqual(commits.slice(-2_048));
  const [, , aside = ''] = importing([{ mark: 1 }, { mark: 2, parents: [1], files: { aside: '1' } }]);
  expect(await payload(aside, last)).toMatchObject({ forced: true });
  expect(await payload(second, root)).toMatchObject({ forced: true });
});
