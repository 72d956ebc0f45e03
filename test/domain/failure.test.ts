import { expect, test } from '@jest/globals';
import { StepFailure, Transient } from '../../functions/domain/failure.ts';

test('a failure is named after the code of its reason, because state machines match names', () => {
  const reason = { code: 'OutsidePlan', message: 'a surprise', left: 'nothing' };
  const cause = new Error('below');
  const failure = new StepFailure(reason, { cause });
  expect(failure).toBeInstanceOf(Error);
  expect(failure).toMatchObject({ name: 'OutsidePlan', message: 'a surprise', reason, cause });
  expect(String(failure)).toBe('OutsidePlan: a surprise');
});

test.each(['Throttled', 'Unavailable'] as const)('what passes by itself is %s', (name) => {
  expect(String(new Transient(name, 'later'))).toBe(`${name}: later`);
});
