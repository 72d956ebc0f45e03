import type { Outcome } from '../callback.ts';

/** What a person's answer means to the step that waits for it. */
export const approvalOutcome = ({ actor, granted }: { readonly actor: string; readonly granted: boolean }): Outcome => {
  if (granted) return { ok: true, output: { approvedBy: actor } };
  const message = `${actor} refused the plan`;
  const reason = {
    code: 'Refused',
    message,
    left: 'Nothing was changed',
    remedy: 'Push a change that needs no approval, or push again and approve',
  };
  return { ok: false, error: reason.code, cause: message, reason };
};
