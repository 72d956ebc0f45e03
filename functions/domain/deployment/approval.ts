import type { Outcome } from '../callback.ts';

/** So long a plan waits for its signature: what it was made for has changed by then. */
export const APPROVAL_SECONDS = 7 * 24 * 3600;

/** What a person's answer means to the step that waits for it. */
export const approvalOutcome = ({ actor, granted }: { readonly actor: string; readonly granted: boolean }): Outcome => {
  if (granted) return { ok: true, output: { approvedBy: actor } };
  const message = `${actor} refused the plan`;
  const reason = {
    code: 'Refused',
    message,
    step: 'AwaitApproval',
    left: 'Nothing was changed',
    remedy: 'Push a change that needs no approval, or push again and approve',
  };
  return { ok: false, error: reason.code, cause: message, reason };
};

/** Nobody answered in time. */
export const approvalExpired = (): Outcome => {
  const message = `Nobody approved or refused the plan within ${APPROVAL_SECONDS / 86_400} days`;
  const reason = {
    code: 'ApprovalExpired',
    message,
    step: 'AwaitApproval',
    left: 'Nothing was changed, what runs goes on',
    remedy: 'Push again for a new plan, and answer it with slipway approve or slipway refuse',
  };
  return { ok: false, error: reason.code, cause: message, reason };
};
