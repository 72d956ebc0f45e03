import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../bin/local/synthesise.ts';

/** What the original deployer did wrong. A title that begins with the number of a defect says that ours does it right. */
const defects: Readonly<Record<string, string>> = {
  F1: 'a wait for a stack that failed kept the stack for ever, and told nobody',
  F2: 'the first quick deployment of a stack ended with nothing running',
  F3: 'a stack that somebody else moved was waited for without end',
  F4: 'a plan that could not be made left its deployment waiting',
  F5: 'an import never ended',
  F6: 'a repeated call used another token, so that nobody heard of its end',
  F7: 'ending a deployment in the queue freed the stack under the one that ran',
  F8: 'an unforeseen end of an operation left its step active',
  F9: 'two events at once could lose one, or start two deployments',
  F10: 'tasks that were not placed, or were stopped from outside, were not noticed',
  F11: 'the first error of AWS ended all hope, and not the step',
  F12: 'making a database again failed on what was there already',
  F13: 'a request that was delivered again was answered with a failure',
  F14: 'resources of equal names took the place of each other in a template',
  F15: 'two steps could not be under way at once',
  F16: 'steps that could never begin counted as done',
  F17: 'the exit code of a sidecar was taken for that of the migration',
  F18: 'a stack was made anew before its deletion was over',
  F19: 'the same input gave another template',
  F20: 'the clean-up of a database stumbled over kinds of tables and names',
  F21: 'an environment with a dash in its name could not be deployed to',
  F22: 'a step that took long was begun twice',
  F23: 'two databases could fold to one name',
  F24: 'a strategy that needs a stack crashed where there was none',
  F25: 'an event could outgrow what the bus takes',
  F26: 'the ARN of a bucket was none, and writers could not delete',
  F27: 'an output that was missing took back the success of the step before',
};

/** `F3: a stack ...`, or `F6, F22: a retry ...`: the beginning of a title, or of what a title is made of. */
const CLAIM = /['"`]((?:F\d+, )*F\d+): /g;

const claims = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.endsWith('defects.test.ts'))
  .flatMap((file) => [...readFileSync(join(ROOT, 'test', file), 'utf8').matchAll(CLAIM)])
  .flatMap(([, numbers = '']) => numbers.split(', '));

test('every defect of the original has a test with its number', () => {
  expect(Object.keys(defects).filter((number) => !claims.includes(number))).toEqual([]);
});

test('no number is claimed that does not exist', () => {
  expect(claims.filter((number) => !(number in defects))).toEqual([]);
});
