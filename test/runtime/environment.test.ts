import { expect, test } from '@jest/globals';
import { requiredVariables } from '../../functions/runtime/environment.ts';

test('the variables that are asked for come back, and no others', () => {
  expect(requiredVariables({ A_TABLE: 'a', B_TABLE: 'b', OTHER: 'x' }, ['A_TABLE', 'B_TABLE'])).toEqual({
    A_TABLE: 'a',
    B_TABLE: 'b',
  });
});

test('everything that is missing is said at once; an empty variable is missing too', () => {
  expect(() => requiredVariables({ A_TABLE: 'a', B_TABLE: '' }, ['A_TABLE', 'B_TABLE', 'C_TABLE'])).toThrow(
    'These environment variables are missing: B_TABLE, C_TABLE',
  );
});

test('nothing is missing where nothing is asked for', () => {
  expect(requiredVariables({}, [])).toEqual({});
});
