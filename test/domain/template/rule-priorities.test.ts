import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ListenerRecord,
  type PriorityParameter,
  type PriorityWish,
  prioritiesOf,
  reservePriorities,
  withoutRule,
} from '../../../functions/domain/template/rule-priorities.ts';
import { type RouteGroup, rulePriorityRanges } from '../../../functions/domain/template/template.ts';

const rule = (name: string, group: RouteGroup = 'NORMAL', listenerArn = 'listener'): PriorityParameter => ({
  kind: 'rulePriority',
  name,
  group,
  listenerArn,
});

const wishOf = (more: Partial<PriorityWish> = {}): PriorityWish => ({
  ...{ stack: 'dev-shop', fence: 1, listenerArn: 'listener', rules: [rule('A')], current: {}, used: [] },
  ...more,
});

const reservation = (stack: string, parameter = 'A', fence = 1) => ({ stack, parameter, fence });

const recordOf = (reservations: ListenerRecord['reservations']): ListenerRecord => ({
  listenerArn: 'listener',
  reservations,
});

/** What the stack is given, and what stands then. */
const given = (standing: ListenerRecord | undefined, more: Partial<PriorityWish> = {}) => {
  const reserved = reservePriorities(standing, wishOf(more));
  if (reserved.kind === 'refused') throw new Error(reserved.reason);
  return { ...reserved, priorities: prioritiesOf(reserved.record, more.stack ?? 'dev-shop') };
};

describe('a rule', () => {
  test.each<[string, RouteGroup, Record<string, string>, number[], number]>([
    ['takes the lowest of its range', 'NORMAL', {}, [], 1000],
    ['takes the lowest free one', 'FIRST', {}, [1, 2, 4], 3],
    ['keeps what the stack has', 'NORMAL', { A: '1500' }, [1000, 1500], 1500],
    ['keeps what the stack has although somebody deleted the rule', 'NORMAL', { A: '1500' }, [1000], 1500],
    ['leaves what lies outside its range', 'FALLBACK', { A: '1500' }, [2000], 2001],
    ['leaves what is no number', 'NORMAL', { A: 'x' }, [], 1000],
    ['leaves what is empty', 'FIRST', { A: '' }, [], 1],
    ['leaves what the stack has on another listener', 'NORMAL', { A: '1500', ListenerARN: 'other' }, [], 1000],
  ])('%s', (_, group, current, used, expected) => {
    expect(given(undefined, { rules: [rule('A', group)], current, used }).priorities).toEqual({ A: expected });
  });

  test('leaves what is reserved for another stack, and what the stack has if that one came first', () => {
    const standing = recordOf({ 1000: reservation('dev-blog') });
    expect(given(standing).priorities).toEqual({ A: 1001 });
    expect(given(standing, { current: { A: '1000' } }).priorities).toEqual({ A: 1001 });
  });

  test('finds what was reserved for it, and writes nothing', () => {
    const standing = recordOf({ 1007: reservation('dev-shop'), 1000: reservation('dev-blog') });
    expect(given(standing)).toMatchObject({ kind: 'repeated', record: standing, priorities: { A: 1007 } });
  });

  test('leaves what was reserved for it when somebody has made a rule there', () => {
    const standing = recordOf({ 1007: reservation('dev-shop') });
    expect(given(standing, { used: [1007] })).toMatchObject({
      kind: 'moved',
      record: recordOf({ 1000: reservation('dev-shop') }),
    });
    expect(given(standing, { used: [1007], current: { A: '1007' } })).toMatchObject({ kind: 'repeated' });
  });
});

test('what was reserved for rules that the release leaves out is free again once the stack does not have it', () => {
  const [old, other] = ['ListenerRulePriorityA', 'ListenerRulePriorityB'];
  const standing = recordOf({ 1000: reservation('dev-shop', old), 1001: reservation('dev-shop', other) });
  const current = { [old]: '1000' };
  for (const rules of [[rule('ListenerRulePriorityC')], []]) {
    const { record } = given(standing, { rules, current, used: [1000] });
    expect(record.reservations).toMatchObject({ 1000: reservation('dev-shop', old) });
    expect(Object.keys(record.reservations)).toHaveLength(rules.length + 1);
    expect(Object.keys(given(record, { rules }).record.reservations)).toHaveLength(rules.length);
  }
  expect(given(undefined, { rules: [] }).kind).toBe('repeated');
});

test('what a rule has before it changes its group stays reserved, for a rollback wants it back', () => {
  const current = { ListenerRulePriorityFirst1: '7', DesiredCountMain: '5' };
  const { record } = given(undefined, { rules: [rule('ListenerRulePriority1')], current, used: [7] });
  expect(record.reservations).toEqual({
    7: reservation('dev-shop', 'ListenerRulePriorityFirst1'),
    1000: reservation('dev-shop', 'ListenerRulePriority1'),
  });
  const moved = { current: { ListenerRulePriority1: '1000' }, used: [1000], fence: 2 };
  expect(given(record, { rules: [rule('ListenerRulePriority1')], ...moved }).record.reservations).toEqual({
    1000: reservation('dev-shop', 'ListenerRulePriority1', 2),
  });
});

test('a newer claim writes its fence, and an older one is refused', () => {
  const { record, kind } = given(recordOf({ 1000: reservation('dev-shop', 'A', 1) }), { fence: 2 });
  expect([kind, record]).toEqual(['moved', recordOf({ 1000: reservation('dev-shop', 'A', 2) })]);
  expect(reservePriorities(record, wishOf({ fence: 1, rules: [rule('B')] }))).toMatchObject({
    kind: 'refused',
    code: 'StaleFence',
    reason: 'Stack dev-shop has been claimed anew: claim 2 has asked for priorities, this is claim 1',
    record,
  });
});

test('a full range is refused and names listener, group and range; what deleted stacks had is free', () => {
  const used = Array.from({ length: 998 }, (_, index) => index + 1);
  const standing = recordOf({ 999: reservation('dev-gone'), 998: reservation('dev-blog') });
  const wish = wishOf({ rules: [rule('A', 'FIRST')], used });
  expect(reservePriorities(standing, wish)).toMatchObject({
    kind: 'refused',
    code: 'PrioritiesExhausted',
    reason: 'Listener listener has no free priority for routes of the group FIRST: 1 to 999 are taken',
    record: standing,
  });
  const orphans = withoutRule(standing, wish);
  expect(orphans).toEqual([reservation('dev-gone')]);
  expect(given(standing, { ...wish, orphans }).priorities).toEqual({ A: 999 });
  const askedAgain = recordOf({ 999: reservation('dev-gone', 'A', 2) });
  expect(reservePriorities(askedAgain, { ...wish, orphans })).toMatchObject({ code: 'PrioritiesExhausted' });
});

const groups: readonly RouteGroup[] = ['FIRST', 'NORMAL', 'FALLBACK'];

test('priorities are always distinct, in range, free, the lowest, and the same in any order', () => {
  const near = fc.oneof(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 998, max: 1008 }),
    fc.integer({ min: 2000, max: 2005 }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...groups), { minLength: 1, maxLength: 8 }),
      fc.uniqueArray(near),
      fc.uniqueArray(near, { maxLength: 6 }),
      fc.nat(8),
      (wanted, used, reserved, kept) => {
        const rules = wanted.map((group, index) => rule(`P${index}`, group));
        const current = Object.fromEntries(
          used.slice(0, kept).map((priority, index) => [`P${index}`, String(priority)]),
        );
        const standing = recordOf(Object.fromEntries(reserved.map((priority) => [priority, reservation('dev-blog')])));
        const { priorities, record } = given(standing, { rules, current, used });
        expect(given(standing, { rules: [...rules].reverse(), current, used }).priorities).toEqual(priorities);
        expect(record.reservations).toMatchObject(standing.reservations);
        const values = Object.values(priorities);
        expect(new Set(values).size).toBe(rules.length);
        const taken = [...used, ...reserved];
        for (const { name, group } of rules) {
          const value = priorities[name] ?? 0;
          const [from, to] = rulePriorityRanges[group];
          expect(value >= from && value <= to).toBe(true);
          expect(reserved).not.toContain(value);
          if (current[name] === String(value)) continue;
          expect(taken).not.toContain(value);
          const lower = Array.from({ length: value - from }, (_, index) => from + index);
          expect([...taken, ...values]).toEqual(expect.arrayContaining(lower));
        }
      },
    ),
  );
});
