import { matchesGlobs } from './glob.ts';

/** The fields of GitHub's push event that mean something to us. */
export interface PushPayload {
  readonly repositoryId: string;
  readonly owner: string;
  readonly name: string;
  /** `refs/heads/...` or `refs/tags/...` */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** What a push means: a branch or tag stands at another commit, or nothing for us. */
export type Push =
  | {
      readonly kind: 'moved';
      readonly ref: string;
      /** Undefined when the ref is new. */
      readonly before?: string;
      readonly after: string;
    }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Reads a push; deletions and refs that are neither branch nor tag mean nothing to us. */
export const pushFrom = ({ ref, before, after }: PushPayload): Push => {
  if (!/^refs\/(heads|tags)\/./.test(ref)) return { kind: 'ignored', reason: `${ref} is neither a branch nor a tag` };
  if (isZero(after)) return { kind: 'ignored', reason: `${ref} was deleted` };
  if (!isSha(after)) return { kind: 'ignored', reason: `${after} is not a commit` };
  return { kind: 'moved', ref, ...(isSha(before) && !isZero(before) && { before }), after };
};

/** SHA-1 names have 40 digits, SHA-256 names 64. */
const isSha = (name: string) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
const isZero = (name: string) => /^0+$/.test(name);

/** A target as it is stored: `ref` holds one or more globs over whole refs, in order, separated by blanks. */
export interface RefTarget {
  readonly ref: string;
  readonly environment: string;
  readonly application?: string;
}

/** The targets that a branch or tag deploys to, each pair of environment and application once, in order. */
export const matchingTargets = (
  targets: readonly RefTarget[],
  ref: string,
): readonly { readonly environment: string; readonly application?: string }[] => {
  const found = new Map<string, { readonly environment: string; readonly application?: string }>();
  for (const { ref: globs, environment, application } of targets)
    if (matchesGlobs(globs.split(' '), ref))
      found.set(JSON.stringify([environment, application]), {
        environment,
        ...(application !== undefined && { application }),
      });
  return [...found.values()];
};
