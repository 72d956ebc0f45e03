import { matchesGlobs } from './glob.ts';

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
