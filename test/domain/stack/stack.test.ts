import { expect, test } from '@jest/globals';
import { isBusy, namesDeployment } from '../../../functions/domain/stack/stack.ts';
import { anEntry, aStack } from '../../support/records.ts';

const current = { deploymentId: 'd1', fence: 3 };
const superseded = [{ deploymentId: 'd3', by: 'd1' }];

test.each([
  ['at rest', aStack(), false],
  ['held', aStack({ status: 'MIGRATING', current }), true],
  ['free with a queue', aStack({ status: 'MIGRATING', queue: [anEntry('d2')] }), true],
  ['broken, whose queue waits', aStack({ status: 'BROKEN', queue: [anEntry('d2')] }), false],
  ['broken, with records still to be written', aStack({ status: 'BROKEN', superseded }), true],
])('whether somebody has to look after a stack that is %s', (_case, stack, busy) => {
  expect(isBusy(stack)).toBe(busy);
});

test('a stack names its holder, its queue and what it superseded', () => {
  const stack = aStack({ status: 'MIGRATING', current, queue: [anEntry('d2')], superseded });
  expect(['d1', 'd2', 'd3', 'd4'].map((id) => namesDeployment(stack, id))).toEqual([true, true, true, false]);
  expect(namesDeployment(aStack(), 'd1')).toBe(false);
});
