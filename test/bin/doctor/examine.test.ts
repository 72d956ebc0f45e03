import { expect, test } from '@jest/globals';
import { type Check, missing, ok, unknown } from '../../../bin/doctor/diagnosis.ts';
import { examine } from '../../../bin/doctor/examine.ts';
import { plain } from '../../../bin/view/paint.ts';

const examined = async (checks: readonly Check[]) => {
  const out: string[] = [];
  const output = { line: (text: string) => out.push(text), aside: () => {}, paint: plain, screen: undefined };
  return { count: await examine(checks, output), out };
};

test('each result is said when it is there, with its remedy below it, and what is missing is counted', async () => {
  const gate = Promise.withResolvers<void>();
  const { count, out } = await examined([
    { name: 'slow', run: async () => gate.promise.then(() => ok('there')) },
    {
      name: 'network',
      run: async () => {
        gate.resolve();
        return missing('No subnet', 'Make one');
      },
    },
    { name: 'app', run: async () => unknown('Not yet', 'Deploy') },
  ]);
  expect(out).toEqual([
    '✘ network  No subnet',
    '           → Make one',
    '? app      Not yet',
    '           → Deploy',
    '✔ slow     there',
    'One thing is missing. 1 could not be looked at yet.',
  ]);
  expect(count).toBe(1);
});

test('a look that fails is said, and is no fault of the account', async () => {
  const { count, out } = await examined([
    { name: 'app', run: () => Promise.reject(new Error('socket hang up')) },
    { name: 'web', run: async () => ok('there') },
  ]);
  expect(out[0]).toBe('? app  It could not be looked at: socket hang up');
  expect(out.at(-1)).toBe('Nothing is missing. 1 could not be looked at yet.');
  expect(count).toBe(0);
});
