import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstPush } from '../../../bin/local/first-push.ts';
import { releaseNames, workingClone } from '../../../bin/local/working-clone.ts';
import { gitEnvironment } from '../../../infra/local/github/git.ts';
import { aStack } from '../../support/records.ts';

let home: string;
const bare = () => join(home, 'shop.git');
const open = () => workingClone(join(home, 'shop'), bare());
const pushed = () =>
  execFileSync('git', ['-C', bare(), 'log', '--format=%s', 'main'], { encoding: 'utf8', env: gitEnvironment() }).trim();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'test-clone-'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare()], { env: gitEnvironment() });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const first = 'First release: a list of products';

describe('A working clone', () => {
  test('pushes the files of a release under its message, on a machine without any git settings', async () => {
    const clone = await open();
    const commit = await clone.pushRelease(releaseNames()[0] ?? '');
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(pushed()).toBe(first);
    expect(readdirSync(clone.directory)).not.toContain('MESSAGE.txt');
  });

  test('is opened again with what the person did in it', async () => {
    const { directory } = await open();
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    await open();
    expect(readFileSync(join(directory, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('that was thrown away comes back with what had been pushed', async () => {
    const before = await open();
    await before.pushRelease(releaseNames()[0] ?? '');
    rmSync(before.directory, { recursive: true });
    const after = await open();
    expect(existsSync(join(after.directory, 'server.js'))).toBe(true);
    writeFileSync(join(after.directory, 'notes.txt'), 'mine');
    await after.git('add', '--all');
    await after.git('commit', '--quiet', '--message', 'Notes');
    await after.push();
    expect(pushed()).toBe(`Notes\n${first}`);
  });
});

describe('The first release is pushed', () => {
  test('to a new state', async () => {
    expect(await firstPush(await open(), [])).toMatchObject({ kind: 'pushed' });
    expect(pushed()).toBe(first);
  });

  test('when an earlier run was cut short between its commit and its push', async () => {
    const clone = await open();
    await clone.git('remote', 'set-url', '--push', 'origin', join(home, 'nowhere'));
    await expect(firstPush(clone, [])).rejects.toThrow('nowhere');
    await clone.git('config', '--unset', 'remote.origin.pushurl');
    expect(await firstPush(clone, [])).toEqual({ kind: 'pushed', commit: await clone.git('rev-parse', 'HEAD') });
    expect(pushed()).toBe(first);
  });

  test('but not twice', async () => {
    const clone = await open();
    await firstPush(clone, []);
    expect(await firstPush(clone, [])).toEqual({ kind: 'pushed before', commit: await clone.git('rev-parse', 'HEAD') });
  });

  test('and never where a release is DONE', async () => {
    const stacks = [aStack({ name: 'broken' }), aStack({ release: 'r1' })];
    expect(await firstPush(await open(), stacks)).toEqual({ kind: 'serving', stacks: [stacks[1]] });
    expect(readdirSync(join(bare(), 'refs/heads'))).toEqual([]);
  });
});
