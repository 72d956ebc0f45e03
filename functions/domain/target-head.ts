interface Head {
  readonly after: string;
  readonly n: number;
}

/** One target's place in the store of heads. */
export const targetKey = (target: {
  readonly repositoryId: string;
  readonly ref: string;
  readonly environment: string;
  readonly application: string;
}): string => [target.repositoryId, target.ref, target.environment, target.application].join('/');

export type HeadMove<T> =
  | { readonly kind: 'moved' | 'repeated'; readonly record: T }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string; readonly record: T | undefined };

/** The head of a target moves from what the caller read, or not at all. */
export const moveHead = <T extends Head>(standing: T | undefined, from: T | undefined, to: T): HeadMove<T> => {
  if (standing && isSame(standing, to)) return { kind: 'repeated', record: standing };
  if (isSame(standing, from)) return { kind: 'moved', record: to };
  const stands = standing ? `stands at ${standing.after} (move ${standing.n})` : 'has not been moved yet';
  return {
    kind: 'refused',
    code: 'MovedOn',
    reason: `The target ${stands} and was read at ${from?.after ?? 'nothing'}: read it again`,
    record: standing,
  };
};

const isSame = (a: Head | undefined, b: Head | undefined): boolean => a?.after === b?.after && a?.n === b?.n;
