import { expect, test } from '@jest/globals';
import { moveHead } from '../../functions/domain/target-head.ts';

test('a head that was read as missing does not move when it is there', () => {
  expect(moveHead({ after: 'a', n: 1 }, undefined, { after: 'b', n: 1 })).toMatchObject({
    kind: 'refused',
    reason: 'The target stands at a (move 1) and was read at nothing: read it again',
  });
  expect(moveHead(undefined, { after: 'a', n: 1 }, { after: 'b', n: 2 })).toMatchObject({
    reason: 'The target has not been moved yet and was read at a: read it again',
  });
});
