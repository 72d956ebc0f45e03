import type { GrantedAction } from './every-grant.ts';
import type { Noted } from './used-grants.ts';

/** Actions that a role needs and no story can be relied on to use. */
export interface ImpliedActions {
  /** Constructs of the roles; `*` is every role that is granted it. */
  readonly roles: readonly string[] | '*';
  readonly actions: readonly string[];
  /** What the name of the thing they are granted on contains; anything when it is left out. */
  readonly on?: string;
  /** `never`: the embedded cloud does not ask for it; `sometimes`: it depends on the moment whether a run comes by. */
  readonly used: 'never' | 'sometimes';
  readonly because: string;
}

/** A call that the policies are right to refuse. */
export interface ExpectedRefusal {
  /** Part of `{role} {action} {resource}`. */
  readonly call: string;
  readonly because: string;
}

/** What the run is held against. */
export interface Expected {
  readonly implied: readonly ImpliedActions[];
  readonly refusals: readonly ExpectedRefusal[];
}

const LIST = 'test/infra/implied-actions.ts';

/** What is wrong between what is granted, what was used, and what is said to be implied: a sentence each. */
export const judgeGrants = (
  granted: readonly GrantedAction[],
  { used, refused }: Noted,
  { implied, refusals }: Expected,
): readonly string[] => {
  const isUsed = ({ keys }: GrantedAction) => keys.some((key) => used.has(key));
  const unused = granted.filter(
    (grant) => !isUsed(grant) && !implied.some((entry) => entry.actions.some((action) => covers(entry, action, grant))),
  );
  return [
    ...refused
      .filter((call) => !refusals.some((expected) => call.includes(expected.call)))
      .map(
        (call) => `A story’s call was refused: ${call}. Grant it (functions/manifest.ts, infra/aws), or do not call.`,
      ),
    ...unused.map(
      ({ role, action, on }) =>
        `${role} is allowed ${action} on ${on}, and no story used it. Take it away (functions/manifest.ts, infra/aws), let a story use it, or say in ${LIST} why it is needed.`,
    ),
    ...implied.flatMap((entry) =>
      entry.actions.flatMap((action) =>
        faultsOf(
          entry,
          action,
          granted.filter((grant) => covers(entry, action, grant)),
          isUsed,
        ),
      ),
    ),
  ];
};

const covers = ({ roles, on = '' }: ImpliedActions, action: string, grant: GrantedAction): boolean =>
  grant.action === action && (roles === '*' || roles.includes(grant.role)) && grant.on.includes(on);

const faultsOf = (
  { roles, used }: ImpliedActions,
  action: string,
  covered: readonly GrantedAction[],
  isUsed: (grant: GrantedAction) => boolean,
): readonly string[] => {
  const missing =
    roles === '*'
      ? covered.length === 0
        ? ['any role']
        : []
      : roles.filter((role) => !covered.some((grant) => grant.role === role));
  return [
    ...missing.map(
      (role) => `${LIST} names ${action} of ${role}, which is not granted (any more): take the entry away.`,
    ),
    ...covered
      .filter((grant) => used === 'never' && isUsed(grant))
      .map(
        ({ role, on }) =>
          `${LIST} says that no story uses ${action} of ${role} on ${on}, but one did: take the entry away.`,
      ),
  ];
};
