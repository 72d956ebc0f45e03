import { expect, test } from '@jest/globals';
import { slope } from '../../../bin/bench/virtual/slope.ts';

test('what does not grow with time has the slope 0', () => {
  expect(slope({ seconds: 100, count: 24 }, { seconds: 1000, count: 24 })).toBe(0);
});

test('a poll every five seconds with three transitions has 600 for a thousand seconds', () => {
  expect(slope({ seconds: 100, count: 84 }, { seconds: 1100, count: 684 })).toBe(600);
});

test('a deployment that did not take longer says nothing', () => {
  expect(slope({ seconds: 100, count: 24 }, { seconds: 100, count: 30 })).toBeNaN();
});
