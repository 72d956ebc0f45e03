import { canonical } from './canonical.ts';

/** Whether two values say the same as JSON; fields that are `undefined` count as left out. */
export const sameJson = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : canonical(a) === canonical(b);
