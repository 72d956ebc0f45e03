import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gitEnvironment } from '../../../infra/local/github/git.ts';
import { initRepository } from '../../../infra/local/github/git-repository.ts';
import { readRefs } from '../../../infra/local/github/refs.ts';

let home: string;
let bare: string;
let shas: readonly string[];

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
const git = (words: readonly string[], input = ''): string =>
  execFileSync('git', ['-C', bare, ...IDENTITY, ...words], { env: gitEnvironment(), input, encoding: 'utf8' }).trim();
const asGitSays = (): [string, string][] =>
  git(['for-each-ref', '--format=%(refname) %(objectname)'])
    .split('\n')
    .filter(Boolean)
    .map((row) => [row.slice(0, -41), row.slice(-40)]);
const agree = () => expect([...readRefs(bare)]).toEqual(asGitSays());

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'refs-'));
  bare = join(home, 'shop.git');
  await initRepository(bare, 'main');
  const tree = git(['mktree']);
  shas = ['one', 'two', 'three'].map((message) => git(['commit-tree', tree, '-m', message]));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const [MAIN, SIDE] = ['refs/heads/main', 'refs/heads/a/side'];

test('a repository without refs has none', () => {
  expect([...readRefs(bare)]).toEqual([]);
});

test('refs are found as files, packed, moved after packing, and no more once deleted', () => {
  const [one = '', two = ''] = shas;
  for (const name of [MAIN, SIDE, 'refs/tags/v1', 'refs/notes/commits']) git(['update-ref', name, one]);
  git(['tag', '-a', '-m', 'annotated', 'v2', one]);
  agree();
  git(['pack-refs', '--all']);
  agree();
  git(['update-ref', MAIN, two]);
  agree();
  expect(readRefs(bare).get(MAIN)).toBe(two);
  git(['update-ref', '-d', SIDE]);
  git(['update-ref', '-d', MAIN]);
  agree();
  // Where a folder stood there may be a file now.
  git(['update-ref', 'refs/heads/a', two]);
  agree();
});

test('a ref that stands for another has its value, and one that leads nowhere is none', () => {
  git(['update-ref', MAIN, shas[0] ?? '']);
  git(['symbolic-ref', 'refs/remotes/origin/HEAD', MAIN]);
  agree();
  git(['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/none']);
  git(['symbolic-ref', 'refs/heads/round', 'refs/heads/round']);
  expect([...readRefs(bare).keys()]).toEqual([MAIN]);
});

test('what git was writing when it was killed is no ref', () => {
  git(['update-ref', MAIN, shas[0] ?? '']);
  mkdirSync(join(bare, 'refs/heads/b'));
  writeFileSync(join(bare, 'refs/heads/b/new.lock'), `${shas[1]}\n`);
  writeFileSync(join(bare, 'refs/heads/main.lock'), '');
  writeFileSync(join(bare, 'packed-refs.lock'), `${shas[1]} refs/heads/other\n`);
  expect([...readRefs(bare)]).toEqual([[MAIN, shas[0]]]);
});

test('whatever is moved, deleted and packed in whatever order, git says the same', () => {
  const move = fc.record({ name: fc.constantFrom('x', 'y/z', 'ü'), commit: fc.constantFrom(0, 1, 2, undefined) });
  fc.assert(
    fc.property(fc.array(fc.array(move, { maxLength: 3 }), { maxLength: 3 }), (rounds) => {
      for (const round of rounds) {
        const last = new Map(round.map(({ name, commit }) => [name, commit]));
        const lines = [...last].map(([name, commit]) =>
          commit === undefined ? `delete refs/heads/${name}\n` : `update refs/heads/${name} ${shas[commit]}\n`,
        );
        git(['update-ref', '--stdin'], lines.join(''));
        agree();
        git(['pack-refs', '--all']);
      }
      agree();
    }),
    { numRuns: 8 },
  );
});
