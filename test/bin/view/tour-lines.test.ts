import { expect, test } from '@jest/globals';
import { plain } from '../../../bin/view/paint.ts';
import { chapterLines, introLines, surprise, surpriseLines } from '../../../bin/view/tour-lines.ts';
import { aPlan, aPush } from './records.ts';

const chapter = { release: '04-discounts', says: 'A new column.', mode: 'BEFORE', ends: 'DONE' } as const;

test('the tour says at its beginning how many releases it has, and how often its users ask', () => {
  expect(introLines(8, 20).join(' ')).toMatch(/8 releases of acme\/shop.* 20 times a second/);
});

test('a release is announced with its place on the tour and what it changes', () => {
  expect(chapterLines(chapter, { number: 4, of: 8 }, plain)).toEqual(['', '── 4 of 8: 04-discounts', 'A new column.']);
});

test('what comes out as told is no surprise', () => {
  expect(surprise(chapter, aPush({ status: 'DONE', plan: aPlan }))).toBeUndefined();
  expect(surprise({ ...chapter, ends: 'FAILED' }, aPush({ status: 'FAILED', plan: aPlan }))).toBeUndefined();
});

test.each([
  ['no deployment', undefined, 'No deployment came of 04-discounts.'],
  [
    'another end',
    aPush({ status: 'FAILED', plan: aPlan }),
    '04-discounts should have ended DONE in mode BEFORE; it ended FAILED in mode BEFORE.',
  ],
  [
    'another mode',
    aPush({ status: 'DONE', plan: { ...aPlan, mode: 'NOP' } }),
    '04-discounts should have ended DONE in mode BEFORE; it ended DONE in mode NOP.',
  ],
  [
    'no plan',
    aPush({ status: 'FAILED' }),
    '04-discounts should have ended DONE in mode BEFORE; it ended FAILED without a plan.',
  ],
])('%s is a surprise, and ends the tour', (_what, deployment, sentence) => {
  expect(surprise(chapter, deployment)).toBe(sentence);
  expect(surpriseLines(sentence, plain)).toEqual(['', `✘ ${sentence} The tour ends here.`]);
});
