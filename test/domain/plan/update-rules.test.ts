import { expect, test } from '@jest/globals';
import { replacementBy, updateRules } from '../../../functions/domain/plan/update-rules.ts';
import { recreationOf } from '../../../infra/local/cloudformation/changes/update-behaviour.ts';

const properties = Object.entries(updateRules).flatMap(([type, { inPlace, replacing }]) => [
  ...inPlace.map((property) => [type, property, 'Never'] as const),
  ...replacing.map((property) => [type, property, 'Always'] as const),
]);

test("every rule is AWS's own", () => {
  const wrong = properties.filter(([type, property, rule]) => recreationOf(type, property) !== rule);
  expect(wrong).toEqual([]);
  expect(properties.length).toBeGreaterThan(40);
});

test('one property that replaces is enough; what nobody knows may', () => {
  const group = 'AWS::ElasticLoadBalancingV2::TargetGroup';
  expect(replacementBy(group, ['Matcher'])).toBe('False');
  expect(replacementBy(group, ['Matcher', 'Port'])).toBe('True');
  expect(replacementBy(group, ['Matcher', 'Invented'])).toBe('Conditional');
  expect(replacementBy('AWS::Invented::Thing', ['Name'])).toBe('Conditional');
  expect(replacementBy('constructor', [])).toBe('Conditional');
});
