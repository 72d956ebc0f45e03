import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from './run-command.ts';

let empty: string;

beforeAll(() => {
  empty = realpathSync(mkdtempSync(join(tmpdir(), 'test-command-')));
});
afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe('The command line', () => {
  test('helps, and that is a success', async () => {
    const { code, said } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'local',
      'setup github',
      'validate [FILE...]',
      'template',
      'diff',
      'apply FILE',
      'plan ENVIRONMENT',
      'deploy ENVIRONMENT',
      'status [STACK]',
      'resume STACK',
      'approve DEPLOYMENT',
      'refuse DEPLOYMENT',
      'terminate DEPLOYMENT|STACK',
    ])
      expect(said).toContain(`  ${name}`);
  });

  test('tells the options of a command', async () => {
    const { code, said } = await runCommand(['local', '--help']);
    expect(code).toBe(0);
    expect(said).toMatch(/^ {2}--tour {2,}pushes eight releases/m);
  });

  test('names the nearest word for one that it does not know, and exits with 2', async () => {
    expect(await runCommand(['aply'])).toEqual({
      code: 2,
      said: 'There is no command aply; did you mean apply?\nNothing was done. See slipway --help.\n',
    });
    expect(await runCommand(['status', '--jsn'])).toEqual({
      code: 2,
      said: 'slipway status has no option --jsn; did you mean --json?\nNothing was done. See slipway status --help.\n',
    });
  });

  test('says how to get a Slipway where there is none, and exits with 1', async () => {
    expect(await runCommand(['status', '--directory', empty])).toEqual({
      code: 1,
      said: `No Slipway runs on ${empty}, and there are no AWS credentials to find one there. Run npm start here, or sign in to AWS, and try again.\n`,
    });
  });

  test('does not start on a folder that is not its own', async () => {
    writeFileSync(join(empty, 'letter.txt'), 'dear');
    const { code, said } = await runCommand(['local', '--once', '--directory', empty]);
    expect(code).toBe(1);
    expect(said).toBe(
      `${empty} holds something else than Slipway's state, and was left alone: name another folder with --directory, or empty this one.\n`,
    );
  });
});
