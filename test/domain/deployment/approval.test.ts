import { expect, test } from '@jest/globals';
import { approvalOutcome } from '../../../functions/domain/deployment/approval.ts';

test('a plan that was signed goes on, and says by whom', () => {
  expect(approvalOutcome({ actor: 'bob', granted: true })).toEqual({ ok: true, output: { approvedBy: 'bob' } });
});

test('a plan that was refused ends with who refused it, and what can be done', () => {
  expect(approvalOutcome({ actor: 'bob', granted: false })).toEqual({
    ok: false,
    error: 'Refused',
    cause: 'bob refused the plan',
    reason: {
      code: 'Refused',
      message: 'bob refused the plan',
      left: 'Nothing was changed',
      remedy: expect.stringContaining('push again'),
    },
  });
});
