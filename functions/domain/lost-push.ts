import { globPrefixes } from './glob-prefixes.ts';
import { matchingTargets, type RefTarget } from './push.ts';

/** The last commit of a branch that was accepted for a target, or at which it stood when the target was configured. */
export interface AcceptedCommit {
  readonly commit: string;
  /** Name of the application; empty where nothing was accepted and the branch only stood there. */
  readonly application: string;
  /** How often the target had moved by then; 0 where the branch only stood there. */
  readonly n: number;
  readonly at: string;
}

/** The last request that began for a commit of a branch; how it ends is the business of its execution. */
export interface PushRequest {
  readonly id: string;
  readonly at: string;
}

/** The place of `AcceptedCommit`: known without reading the application, whose name is not in the configuration. */
export const acceptedKey = (target: {
  readonly repositoryId: string;
  readonly ref: string;
  readonly environment: string;
  /** Path of the application file, where the target names one. */
  readonly application?: string | undefined;
}): string =>
  JSON.stringify(['accepted', target.repositoryId, target.ref, target.environment, target.application ?? '']);

export const pushRequestKey = (push: {
  readonly repositoryId: string;
  readonly ref: string;
  readonly commit: string;
}): string => JSON.stringify(['request', push.repositoryId, push.ref, push.commit]);

export type AcceptedMove =
  | { readonly kind: 'moved' | 'repeated'; readonly record: AcceptedCommit }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string;
      readonly record: AcceptedCommit | undefined;
    };

/** Whoever comes late changes nothing: a later move of the same target, or anything that was accepted since. */
export const moveAccepted = (standing: AcceptedCommit | undefined, to: AcceptedCommit): AcceptedMove => {
  if (!standing) return { kind: 'moved', record: to };
  const isSame = standing.application === to.application;
  if (isSame && standing.n === to.n && standing.commit === to.commit) return { kind: 'repeated', record: standing };
  const late = to.n === 0 ? standing.at >= to.at : isSame && standing.n > to.n;
  if (!late) return { kind: 'moved', record: to };
  const reason = `${standing.commit} (move ${standing.n}) was accepted at ${standing.at}, which is later`;
  return { kind: 'refused', code: 'MovedOn', reason, record: standing };
};

/**
 * Whether nobody has told of the commit at which a branch stands: some target has not accepted it, and no request began
 * for it since that target accepted another one. A request that is under way, or that ended well without a deployment
 * (no application, refused, overtaken), stands for its commit.
 */
export const isLost = (
  commit: string,
  accepted: readonly (AcceptedCommit | undefined)[],
  request: PushRequest | undefined,
): boolean =>
  accepted.some((last) => last?.commit !== commit && (!request || (last !== undefined && last.at > request.at)));

/** What branches of interest begin with, each below `refs/heads/`; tags are not compared: docs/decisions. */
export const branchPrefixes = (targets: readonly RefTarget[]): readonly string[] =>
  globPrefixes(targets.flatMap(({ ref }) => ref.split(' ')).filter((glob) => glob.startsWith(BRANCHES)));

export const isBranch = (ref: string): boolean => ref.startsWith(BRANCHES);

const BRANCHES = 'refs/heads/';

/** The targets to which a branch goes now and did not go before. */
export const newTargets = (ref: string, before: readonly RefTarget[], now: readonly RefTarget[]) => {
  const known = new Set(matchingTargets(before, ref).map((target) => JSON.stringify(target)));
  return matchingTargets(now, ref).filter((target) => !known.has(JSON.stringify(target)));
};
