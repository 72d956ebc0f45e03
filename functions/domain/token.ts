import type { Callback } from './callback.ts';

export interface TokenKey {
  readonly deploymentId: string;
  readonly fence: number;
  /** `PGUpsert`, or `PGMigrate.main` where it is per database. */
  readonly step: string;
  /** The step's own count, never the retry count of the state machine: a repeated call keeps its token. */
  readonly attempt: number;
}

/**
 * The outward token: `[a-z][a-z0-9-]{0,63}`, so that it serves as ClientRequestToken, change set name, ECS clientToken
 * and startedBy. 36 characters, because startedBy once took no more; 140 bits of the hash.
 */
export const outwardToken = (
  hash: (text: string) => string,
  { deploymentId, fence, step, attempt }: TokenKey,
): string => `t${hash(JSON.stringify([deploymentId, fence, step, attempt])).slice(0, 35)}`;

/** Whether it may be one of ours: what ECS calls its own deployments, and consoles their calls, has other letters. */
export const isOutwardToken = (token: string): boolean => /^[a-z][a-z0-9-]{0,63}$/.test(token);

/**
 * What an open callback is found under, beside its token: `stack:{name}` and `deployment:{id}` always, then
 * `task:{deployment id}`, `approval:{deployment id}`, `image` and `image:{reference}` by what it waits for.
 */
export const subjectsOf = ({ stackName, deploymentId, waitsFor }: Callback): readonly string[] => {
  const own = [`stack:${stackName}`, `deployment:${deploymentId}`];
  switch (waitsFor.kind) {
    case 'task':
    case 'approval':
      return [...own, `${waitsFor.kind}:${deploymentId}`];
    case 'image':
      return [...own, 'image', ...waitsFor.images.map((reference) => `image:${reference}`)];
    case 'stack-operation':
    case 'restart':
    case 'stack-rest':
    case 'rest':
      return own;
  }
};
