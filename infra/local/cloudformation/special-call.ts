import type { Needed } from '../wire/service.ts';
import type { RoleQuestion } from './role-question.ts';

/** What a call needs where that depends on the properties; `own` is the ARN of the resource itself. */
export type SpecialCall = (question: RoleQuestion, own: () => string) => readonly Needed[];

/** A call that is only made where there is something to do. */
export const because = (things: readonly unknown[], action: string, own: () => string): readonly Needed[] =>
  things.length > 0 ? [{ action, resources: [own()] }] : [];
