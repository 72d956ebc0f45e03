import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { expect, test } from '@jest/globals';
import { canonicalChange } from '../../../functions/adapters/aws/change-set.ts';

const detail = (more: Partial<ResourceChangeDetail>, Name = 'Image'): ResourceChangeDetail => ({
  Target: { Attribute: 'Properties', Name },
  Evaluation: 'Static',
  ChangeSource: 'DirectModification',
  ...more,
});
const change = (more: Partial<ResourceChange>) =>
  canonicalChange({ LogicalResourceId: 'A', ResourceType: 'AWS::SNS::Topic', Action: 'Modify', ...more });

test('properties and attributes are named once, sorted', () => {
  const Details = [
    detail({}, 'Zebra'),
    detail({}, 'Ape'),
    detail({ Evaluation: 'Dynamic' }, 'Zebra'),
    detail({ Target: { Attribute: 'Tags' } }),
    detail({ Target: {} }),
  ];
  expect(change({ Details }).properties).toEqual(['Ape', 'Tags', 'Zebra']);
});

test.each([
  ['True', 'True'],
  ['Conditional', 'Conditional'],
  ['False', 'False'],
  [undefined, 'False'],
] as const)('replacement %s is %s', (Replacement, expected) => {
  expect(change({ ...(Replacement && { Replacement }) }).replacement).toBe(expected);
});

test.each([
  ['Add', 'Add'],
  ['Remove', 'Remove'],
  ['Import', 'Import'],
  ['Modify', 'Modify'],
  ['Dynamic', 'Modify'],
  ['SyncWithActual', 'Modify'],
  [undefined, 'Modify'],
] as const)('action %s counts as %s', (Action, expected) => {
  expect(change({ Action }).action).toBe(expected);
});

const dynamic = detail({ Evaluation: 'Dynamic', ChangeSource: 'ResourceReference' });
test.each([
  ['nothing is known', [], false],
  ['everything follows from others', [dynamic, dynamic], true],
  ['one thing changes by itself', [dynamic, detail({})], false],
  ['AWS knows the value already', [detail({ ChangeSource: 'ResourceReference' })], false],
  ['the property itself was written anew', [detail({ Evaluation: 'Dynamic' })], false],
] as const)('a change is dynamic only when it follows from others: %s', (_, Details, expected) => {
  expect(change({ Details: [...Details] }).dynamic).toBe(expected);
});

test('what becomes of a removed resource is kept, where AWS says so', () => {
  expect(change({ Action: 'Remove', PolicyAction: 'Retain' })).toMatchObject({ policyAction: 'Retain' });
  expect(change({})).not.toHaveProperty('policyAction');
});
