import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FORMAT, openStateFolder } from '../../../bin/local/state-folder.ts';

let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'test-state-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const place = (...names: string[]) => join(home, 'state', ...names);
const write = (name: string, text: string) => {
  mkdirSync(place(), { recursive: true });
  writeFileSync(place(name), text);
};
const refusal = (fresh = false) =>
  openStateFolder(place(), fresh).then(
    (folder) => {
      folder.release();
      return 'opened';
    },
    (error: Error) => error.message,
  );

describe('A state folder', () => {
  test('is made where there is none, and marked with its format', async () => {
    const folder = await openStateFolder(place(), false);
    folder.release();
    expect(folder).toMatchObject({ directory: place(), isResumed: false });
    expect(JSON.parse(readFileSync(place('slipway.json'), 'utf8'))).toEqual({ format: FORMAT, directory: place() });
  });

  test('is resumed with all that is in it', async () => {
    (await openStateFolder(place(), false)).release();
    write('cloud.db', 'kept');
    const folder = await openStateFolder(place(), false);
    folder.release();
    expect(folder.isResumed).toBe(true);
    expect(readFileSync(place('cloud.db'), 'utf8')).toBe('kept');
  });

  test('is forgotten when asked to', async () => {
    (await openStateFolder(place(), false)).release();
    mkdirSync(place('s3/deep'), { recursive: true });
    write('cloud.db', 'old');
    const folder = await openStateFolder(place(), true);
    folder.release();
    expect(folder.isResumed).toBe(false);
    expect([existsSync(place('s3')), existsSync(place('cloud.db'))]).toEqual([false, false]);
    expect(await refusal()).toBe('opened');
  });

  test('is not taken twice at a time, whatever is asked', async () => {
    const folder = await openStateFolder(place(), false);
    write('cloud.db', 'in use');
    for (const fresh of [false, true])
      expect(await refusal(fresh)).toBe(
        `Another Slipway (process ${process.pid}) runs on ${place()}: stop it with Ctrl-C, or name another folder with --directory.`,
      );
    expect(readFileSync(place('cloud.db'), 'utf8')).toBe('in use');
    folder.release();
    expect(await refusal()).toBe('opened');
  });

  test.each([['tests'], ['ci'], ['grants'], ['another', 'slipway.json']])(
    'is made, and made anew, beside %s, which stays',
    async (...beside) => {
      mkdirSync(place(...beside), { recursive: true });
      for (const fresh of [false, true]) (await openStateFolder(place(), fresh)).release();
      expect(existsSync(place('slipway.json'))).toBe(true);
      expect(existsSync(place(...beside))).toBe(true);
    },
  );
});

describe('What is not ours is never touched', () => {
  test.each([
    ['a folder with other files', 'letter.txt', 'dear'],
    ["a folder whose mark is another program's", 'slipway.json', '{"name": "slipway"}'],
    ['a folder whose mark cannot be read', 'slipway.json', 'not JSON'],
  ])('%s', async (_what, name, text) => {
    write(name, text);
    for (const fresh of [false, true])
      expect(await refusal(fresh)).toBe(
        `${place()} holds something else than Slipway's state, and was left alone: name another folder with --directory, or empty this one.`,
      );
    expect(readFileSync(place(name), 'utf8')).toBe(text);
    expect(existsSync(place('lock'))).toBe(false);
  });

  test('a file where the folder should be', async () => {
    writeFileSync(place(), 'a file');
    expect(await refusal(true)).toMatch(
      /cannot be used as state folder \(EEXIST.*\): name another one with --directory\.$/,
    );
    expect(readFileSync(place(), 'utf8')).toBe('a file');
  });

  test('a place where no folder can be made', async () => {
    writeFileSync(place(), 'a file');
    await expect(openStateFolder(place('deeper'), true)).rejects.toThrow('cannot be used as state folder (ENOTDIR');
  });
});

describe('State that this version cannot go on with says the way out', () => {
  const remedy = '; nothing was changed. npm start -- --fresh forgets it and begins anew.';

  test.each([
    [FORMAT - 1, 'an older'],
    [FORMAT + 1, 'a newer'],
  ])('format %d', async (format, age) => {
    write('slipway.json', JSON.stringify({ format, directory: place() }));
    write('cloud.db', 'old');
    expect(await refusal()).toBe(
      `${place()} was made by ${age} version of Slipway (format ${format}, this one has ${FORMAT})${remedy}`,
    );
    expect(existsSync(place('cloud.db'))).toBe(true);
    expect(await refusal(true)).toBe('opened');
    expect(existsSync(place('cloud.db'))).toBe(false);
  });

  test('a folder that was moved: paths stand in what it holds', async () => {
    (await openStateFolder(join(home, 'before'), false)).release();
    renameSync(join(home, 'before'), place());
    expect(await refusal()).toBe(
      `${place()} was made as ${join(home, 'before')} and cannot be moved or copied${remedy}`,
    );
    expect(await refusal(true)).toBe('opened');
    expect(await refusal()).toBe('opened');
  });
});
