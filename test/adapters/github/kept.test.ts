import { expect, test } from '@jest/globals';
import { kept } from '../../../functions/adapters/github/kept.ts';

/** Answers from a list, and counts how often it was asked for each key. */
const counting = (most: number, fits?: (answer: string | undefined) => boolean) => {
  const asked: string[] = [];
  const remembered = kept<string | undefined>(most, fits);
  const find = (key: string, how: 'there' | 'missing' | 'out of reach' = 'there') =>
    remembered(key, async () => {
      asked.push(key);
      if (how === 'out of reach') throw new Error('no answer');
      return how === 'there' ? key : undefined;
    });
  return { asked, find };
};

test('an answer is asked for once, also by those who ask at the same time', async () => {
  const { asked, find } = counting(10);
  expect(await Promise.all([find('a'), find('a')])).toEqual(['a', 'a']);
  expect(await find('a')).toBe('a');
  expect(asked).toEqual(['a']);
});

test('what was not there, or could not be had, is asked for again', async () => {
  const { asked, find } = counting(10);
  expect(await find('a', 'missing')).toBeUndefined();
  await expect(find('a', 'out of reach')).rejects.toThrow('no answer');
  expect(await find('a')).toBe('a');
  expect(asked).toEqual(['a', 'a', 'a']);
});

test('the newest are kept, and only what fits', async () => {
  const { asked, find } = counting(2, (answer = '') => answer.length < 3);
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await find(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
  for (const key of ['long', 'long']) await find(key);
  expect(asked.slice(4)).toEqual(['long', 'long']);
});
