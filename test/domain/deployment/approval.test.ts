import { expect, test } from '@jest/globals';
import { approvalExpired, approvalOutcome } from '../../../functions/domain/deployment/approval.ts';

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
      step: 'AwaitApproval',
      message: 'bob refused the plan',
      left: 'Nothing was changed',
      remedy: expect.stringContaining('push again'),
    },
  });
});

test('a plan that nobody answered says how long it waited, that nothing was changed and what to do', () => {
  expect(approvalExpired()).toMatchObject({
    ok: false,
    error: 'ApprovalExpired',
    reason: {
      step: 'AwaitApproval',
      message: expect.stringContaining('within 7 days'),
      left: expect.stringMatching(/^Nothing/),
    },
  });
});
