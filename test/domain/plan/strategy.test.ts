import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CANCEL_UPDATES, chooseStrategy, strategies } from '../../../functions/domain/plan/strategy.ts';

const others = strategies.flatMap((one) => strategies.filter((two) => two !== one).map((two) => [one, two] as const));

test.each(strategies)('%s alone is a plan of its own, with and without cancelling updates', (strategy) => {
  expect(chooseStrategy([strategy])).toEqual({ kind: 'chosen', strategy, cancelUpdates: false });
  expect(chooseStrategy([CANCEL_UPDATES, strategy])).toEqual({ kind: 'chosen', strategy, cancelUpdates: true });
});

test('without a word the application decides', () => {
  expect(chooseStrategy([])).toEqual({ kind: 'chosen', cancelUpdates: false });
  expect(chooseStrategy([CANCEL_UPDATES])).toEqual({ kind: 'chosen', cancelUpdates: true });
});

test.each(others)('%s and %s are refused together, both named', (one, two) => {
  const chosen = chooseStrategy([one, two]);
  expect(chosen).toMatchObject({ kind: 'conflict', reason: expect.stringContaining(`${one} and ${two}`) });
});

test('a word that is none is refused with the nearest one', () => {
  expect(chooseStrategy(['db-onyl'])).toMatchObject({
    reason: expect.stringContaining('There is no strategy db-onyl (did you mean "db-only"?)'),
  });
});

test('the order and the number of equal words never matter', () => {
  fc.assert(
    fc.property(fc.constantFrom(...strategies), fc.array(fc.constant(CANCEL_UPDATES)), (strategy, cancels) => {
      expect(chooseStrategy([strategy, ...cancels, strategy])).toEqual(
        chooseStrategy([...cancels, strategy, strategy]),
      );
    }),
  );
});
