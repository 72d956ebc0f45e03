import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveParameters } from '../../../functions/domain/template/resolve-parameters.ts';
import { type Parameter, type RouteGroup, rulePriorityRanges } from '../../../functions/domain/template/template.ts';

const world = { current: {}, usedPriorities: {}, counts: {}, secrets: {} };
const rule = (name: string, group: RouteGroup = 'NORMAL', listenerArn = 'listener'): Parameter => ({
  kind: 'rulePriority',
  name,
  group,
  listenerArn,
});

test('values, counts and secrets arrive as text', () => {
  const parameters: Parameter[] = [
    { kind: 'value', name: 'V', value: 'v' },
    { kind: 'desiredCount', name: 'DesiredCountMain', runtime: 'main', initial: 1 },
    { kind: 'desiredCount', name: 'DesiredCountWorker', runtime: 'worker', initial: 2 },
    { kind: 'databaseSecret', name: 'DatabaseSecretMain', database: 'main' },
  ];
  expect(resolveParameters(parameters, { ...world, counts: { main: 0 }, secrets: { main: 'arn' } })).toEqual({
    V: 'v',
    DesiredCountMain: '0',
    DesiredCountWorker: '2',
    DatabaseSecretMain: 'arn',
  });
});

test('a missing secret is named', () => {
  expect(() => resolveParameters([{ kind: 'databaseSecret', name: 'X', database: 'audit' }], world)).toThrow(
    expect.objectContaining({ name: 'SecretMissing', message: 'The secret of database audit has not been made' }),
  );
});

describe('priorities', () => {
  test.each<[string, RouteGroup, Record<string, string>, number[], string]>([
    ['takes the lowest of its range', 'NORMAL', {}, [], '1000'],
    ['takes the lowest free one', 'FIRST', {}, [1, 2, 4], '3'],
    ['keeps what the stack has', 'NORMAL', { A: '1500' }, [1000, 1500], '1500'],
    ['leaves what lies outside its range', 'FALLBACK', { A: '1500' }, [2000], '2001'],
    ['leaves what is no number', 'NORMAL', { A: 'x' }, [], '1000'],
    ['leaves what is empty', 'FIRST', { A: '' }, [], '1'],
  ])('a rule %s', (_, group, current, used, expected) => {
    expect(resolveParameters([rule('A', group)], { ...world, current, usedPriorities: { listener: used } })).toEqual({
      A: expected,
    });
  });

  test('a full range names listener, group and what to do', () => {
    const used = Array.from({ length: 999 }, (_, index) => index + 1);
    expect(() => resolveParameters([rule('A', 'FIRST')], { ...world, usedPriorities: { listener: used } })).toThrow(
      expect.objectContaining({ name: 'PrioritiesExhausted', message: expect.stringContaining('FIRST: 1 to 999') }),
    );
  });

  test('listeners do not take from each other', () => {
    const usedPriorities = { one: [1000] };
    expect(
      resolveParameters([rule('A', 'NORMAL', 'one'), rule('B', 'NORMAL', 'two')], { ...world, usedPriorities }),
    ).toEqual({
      A: '1001',
      B: '1000',
    });
  });

  test('are always distinct, in range, free, the lowest, and the same in any order', () => {
    const groups: RouteGroup[] = ['FIRST', 'NORMAL', 'FALLBACK'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...groups), { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(
          fc.oneof(
            fc.integer({ min: 1, max: 8 }),
            fc.integer({ min: 998, max: 1008 }),
            fc.integer({ min: 2000, max: 2005 }),
          ),
        ),
        fc.nat(8),
        (wanted, used, kept) => {
          const rules = wanted.map((group, index) => ({ name: `P${index}`, range: rulePriorityRanges[group] }));
          const parameters = wanted.map((group, index) => rule(`P${index}`, group));
          const current = Object.fromEntries(
            used.slice(0, kept).map((priority, index) => [`P${index}`, String(priority)]),
          );
          const resolved = resolveParameters(parameters, { ...world, current, usedPriorities: { listener: used } });
          expect(
            resolveParameters([...parameters].reverse(), { ...world, current, usedPriorities: { listener: used } }),
          ).toEqual(resolved);
          const values = Object.values(resolved);
          expect(new Set(values).size).toBe(values.length);
          for (const { name, range } of rules) {
            const value = Number(resolved[name]);
            const [from, to] = range;
            expect(value >= from && value <= to).toBe(true);
            if (current[name] === String(value)) continue;
            expect(used).not.toContain(value);
            const lower = Array.from({ length: value - from }, (_, index) => String(from + index));
            expect([...used.map(String), ...values]).toEqual(expect.arrayContaining(lower));
          }
        },
      ),
    );
  });
});
