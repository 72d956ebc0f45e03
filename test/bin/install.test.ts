import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ROOT } from '../../bin/local/synthesise.ts';

let home: string;
const place = (...names: string[]) => join(home, ...names);

/** A checkout with nothing installed, and an npm that does what a test tells it to. */
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'test-install-'));
  for (const folder of ['bin', 'tools']) mkdirSync(place(folder));
  copyFileSync(join(ROOT, 'bin/install.mjs'), place('bin/install.mjs'));
  writeFileSync(place('package-lock.json'), '{"lockfileVersion": 3}');
  npmDoes('mkdir -p node_modules/.bin && touch node_modules/.bin/node node_modules/.package-lock.json');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const npmDoes = (script: string) =>
  writeFileSync(
    place('tools/npm'),
    `#!/bin/sh\necho "$@" >> '${place('calls')}'\necho "$PATH" > '${place('path')}'\n${script}\n`,
    {
      mode: 0o755,
    },
  );

const install = (flags: readonly string[] = []) => {
  const path = [place('node_modules/.bin'), place('tools'), '/usr/bin', '/bin'].join(delimiter);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, place('bin/install.mjs')], {
    cwd: tmpdir(),
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

const calls = (): number =>
  existsSync(place('calls')) ? readFileSync(place('calls'), 'utf8').trim().split('\n').length : 0;

const quiet = { status: 0, stdout: '', stderr: '' };

describe('Packages are installed', () => {
  test('when there are none, in the checkout, development tools too, with one line that says so', () => {
    expect(install()).toEqual({ ...quiet, stdout: 'Installing the packages that package-lock.json names...\n' });
    expect(readFileSync(place('calls'), 'utf8')).toMatch(/^install .*--include=dev/);
    expect(existsSync(place('node_modules/.bin/node'))).toBe(true);
  });

  test('once, as long as the lockfile stays the same', () => {
    install();
    utimesSync(place('package-lock.json'), new Date(Date.now() + 60_000), new Date(Date.now() + 60_000));
    expect(install()).toEqual(quiet);
    expect(calls()).toBe(1);
  });

  test('again when the lockfile has changed', () => {
    install();
    writeFileSync(place('package-lock.json'), '{"lockfileVersion": 3, "packages": {}}');
    expect(install().status).toBe(0);
    expect(calls()).toBe(2);
    expect(install()).toEqual(quiet);
  });

  test('again when the Node among them is missing', () => {
    install();
    rmSync(place('node_modules/.bin/node'));
    install();
    expect(calls()).toBe(2);
  });

  test('not when somebody has run npm since the lockfile came', () => {
    mkdirSync(place('node_modules/.bin'), { recursive: true });
    for (const file of ['.bin/node', '.package-lock.json']) writeFileSync(place('node_modules', file), '');
    expect(install()).toEqual(quiet);
    expect(calls()).toBe(0);
  });

  test('by an npm that does not run on a Node that it may take away', () => {
    install();
    const path = readFileSync(place('path'), 'utf8').trim().split(delimiter);
    expect(path).not.toContain(place('node_modules/.bin'));
    expect(path).toContain(place('tools'));
  });
});

describe('What keeps packages from being installed is one sentence with the way out', () => {
  test('npm fails: its own words come first, and the next run tries again', () => {
    npmDoes('echo "npm error network" >&2; exit 1');
    for (let tries = 1; tries <= 2; tries++) {
      const { status, stderr } = install();
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^npm error network\nThe packages were not installed: npm install ended with 1, .*offline.*\.\n$/,
      );
      expect(calls()).toBe(tries);
    }
  });

  test('npm is missing', () => {
    rmSync(place('tools/npm'));
    const { status, stderr } = spawnSync(process.execPath, [place('bin/install.mjs')], {
      env: { PATH: place('tools') },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^npm cannot be run \(.*ENOENT\): install it beside Node and try again\.\n$/);
  });

  test('npm may not run install scripts', () => {
    npmDoes('mkdir -p node_modules/.bin && touch node_modules/.package-lock.json');
    const { status, stderr } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('npm config set ignore-scripts false');
  });

  test('Node is too old', () => {
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } })';
    const { status, stderr } = install(['--import', `data:text/javascript,${encodeURIComponent(older)}`]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Slipway needs Node 20 or newer and found .*: install one from https:\/\/nodejs\.org and try again\.\n$/,
    );
    expect(calls()).toBe(0);
  });
});
