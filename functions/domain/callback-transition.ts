import type { Callback, Outcome } from './callback.ts';
import { allowedFrom as allowed, type Transitions } from './transitions.ts';

export type CallbackStatus = Callback['status'];
export type CallbackEvent = 'Intended' | 'Called' | 'Completed' | 'Told';

export const callbackStatuses = ['INTENDED', 'CALLED', 'COMPLETED'] as const satisfies readonly CallbackStatus[];

/** A retry that intends again keeps CALLED: the call is repeated under the same token, its effect is not. */
export const callbackTransitions = {
  NONE: { Intended: 'INTENDED' },
  INTENDED: { Intended: 'INTENDED', Called: 'CALLED', Completed: 'COMPLETED' },
  CALLED: { Intended: 'CALLED', Completed: 'COMPLETED' },
  COMPLETED: { Told: 'COMPLETED' },
} as const satisfies Transitions<CallbackStatus, CallbackEvent>;

/** The statuses in which a callback takes an event. */
export const callbackAllowedFrom = (event: CallbackEvent): readonly CallbackStatus[] =>
  allowed<CallbackStatus, CallbackEvent>(callbackTransitions, callbackStatuses, event);

/** A new record, or the standing one with the task token and time of the retry; an outcome that is stored stays. */
export const intended = (existing: Callback | undefined, callback: Callback): Callback => {
  if (!existing) return { ...callback, status: callbackTransitions.NONE.Intended, tries: 1 };
  if (existing.status === 'COMPLETED') return existing;
  const { taskToken, touchedAt } = callback;
  const tries = (existing.tries ?? 1) + 1;
  return { ...existing, status: callbackTransitions[existing.status].Intended, tries, taskToken, touchedAt };
};

export const called = (existing: Callback): Callback =>
  existing.status === 'INTENDED' ? { ...existing, status: callbackTransitions.INTENDED.Called } : existing;

/** The first outcome stays, whoever comes later with another one. */
export const completed = (existing: Callback, outcome: Outcome): Callback =>
  existing.status === 'COMPLETED'
    ? existing
    : { ...existing, status: callbackTransitions[existing.status].Completed, outcome };

export const told = (existing: Callback): Callback =>
  existing.status === 'COMPLETED' && !existing.told ? { ...existing, told: true } : existing;
