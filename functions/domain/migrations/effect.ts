import type { Compatibility, LockClass, StatementFinding } from './migrations.ts';

/** What a statement does to the code that runs now and to existing tables; a finding without its place. */
export type Effect = Omit<StatementFinding, 'line' | 'text'>;

const compatibilities: readonly Compatibility[] = ['NEUTRAL', 'EXPAND', 'TIGHTEN', 'DATA', 'CONTRACT', 'OPAQUE'];
const locks: readonly LockClass[] = ['L0', 'L1', 'L2', 'L3'];

export const worseCompatibility = (one: Compatibility, other: Compatibility): Compatibility =>
  compatibilities.indexOf(one) >= compatibilities.indexOf(other) ? one : other;

export const worseLock = (one: LockClass, other: LockClass): LockClass =>
  locks.indexOf(one) >= locks.indexOf(other) ? one : other;

export const isAtMost = (lock: LockClass, limit: LockClass): boolean => worseLock(lock, limit) === limit;

const effect =
  (compatibility: Compatibility) =>
  (lock: LockClass, tables: readonly string[], reason: string, more: Partial<Effect> = {}): Effect => ({
    compatibility,
    lock,
    tables,
    reason,
    ...more,
  });

export const neutral = effect('NEUTRAL');
export const expand = effect('EXPAND');
export const tighten = effect('TIGHTEN');
export const data = effect('DATA');
export const contract = effect('CONTRACT');

/** Cannot be seen through: the worst there is. */
export const opaque = (reason: string, more: Partial<Effect> = {}): Effect => effect('OPAQUE')('L3', [], reason, more);

/** Several effects of one statement: the worst of each, named by what makes them the worst. */
export const together = (effects: readonly Effect[], otherwise: Effect): Effect => {
  const [first, ...others] = effects;
  if (first === undefined) return otherwise;
  const compatibility = others.map((each) => each.compatibility).reduce(worseCompatibility, first.compatibility);
  const worst = others.map((each) => each.lock).reduce(worseLock, first.lock);
  const lock = isHeldLong(effects) ? 'L3' : worst;
  const guilty = effects.filter((each) => each.compatibility === compatibility || each.lock === worst);
  const scans = union(...effects.map((each) => each.scans ?? []));
  const advice = union(effects.flatMap((each) => (each.advice === undefined ? [] : [each.advice]))).join(' ');
  return {
    compatibility,
    lock,
    tables: union(...effects.map((each) => each.tables)),
    reason: union(guilty.map((each) => each.reason)).join('; '),
    ...(scans.length > 0 ? { scans } : {}),
    ...(advice !== '' ? { advice } : {}),
  };
};

/** One command's short lock lasts while another command of the same statement reads every row. */
const isHeldLong = (effects: readonly Effect[]): boolean =>
  effects.some((each) => each.lock === 'L1') &&
  effects.some((each) => !isAtMost(each.lock, 'L1') || each.scans !== undefined);

export const union = (...sets: readonly (readonly string[])[]): readonly string[] => [...new Set(sets.flat())];
