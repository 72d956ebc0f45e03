import { expect, test } from '@jest/globals';
import { figureLines, median } from '../../bin/bench/figure.ts';

test('each figure stands beside its limit, and says whether it holds', () => {
  expect(
    figureLines([
      { what: 'bundle', value: 16_746, unit: 'bytes', limit: 20_000 },
      { what: 'start', value: 15.26, unit: 's', limit: 15, note: 'npm included' },
      { what: 'memory', value: undefined, unit: 'MB', limit: 700, note: 'only Linux tells it' },
      { what: 'calls', value: 12, unit: '' },
      { what: 'wall', value: 1.00456, unit: 'ratio', limit: 1.01 },
      { what: 'a thousand', value: 0.853, unit: '$', limit: 1 },
    ]),
  ).toEqual([
    'bundle      16746 bytes  limit 20000 bytes: within',
    'start            15.3 s  limit 15 s: OVER            npm included',
    'memory                -  limit 700 MB: not measured  only Linux tells it',
    'calls                12',
    'wall              1.005  limit 1.010: within',
    'a thousand       0.85 $  limit 1.00 $: within',
  ]);
});

test('a figure that is exactly its limit is within it', () => {
  expect(figureLines([{ what: 'a', value: 24, unit: '', limit: 24 }])).toEqual(['a  24  limit 24: within']);
});

test('the median is the middle one, whatever the order', () => {
  expect(median([9, 1, 100, 2, 3])).toBe(3);
});
