import { expect, test } from '@jest/globals';
import { referencesOf } from '../../../functions/domain/template/references.ts';

const found = (node: unknown) => {
  const { names, conditions, mappings } = referencesOf(node);
  return { names: [...names].sort(), conditions: [...conditions], mappings: [...mappings] };
};

test.each<[string, unknown, string[]]>([
  ['Ref', { a: [{ Ref: 'One' }] }, ['One']],
  ['a pseudo parameter', { Ref: 'AWS::Region' }, []],
  ['GetAtt as a list', { 'Fn::GetAtt': ['One', 'Arn'] }, ['One']],
  ['GetAtt as text', { 'Fn::GetAtt': 'One.Arn' }, ['One']],
  ['Sub', { 'Fn::Sub': '${One}:${Two.Arn}:${!Not}:${AWS::Region}:$Not' }, ['One', 'Two']],
  ['Sub with its own variables', { 'Fn::Sub': ['${Mine}${One}', { Mine: { Ref: 'Two' } }] }, ['One', 'Two']],
  ['one dependency', { Type: 'X', DependsOn: 'One' }, ['One']],
  ['several dependencies', { Type: 'X', DependsOn: ['One', 'Two'] }, ['One', 'Two']],
  ['dependencies of a container', { Name: 'a', DependsOn: [{ ContainerName: 'b', Condition: 'START' }] }, []],
])('%s names what it refers to', (_, node, names) => {
  expect(found(node)).toEqual({ names, conditions: [], mappings: [] });
});

test('conditions and mappings are told apart from names', () => {
  expect(
    found({
      Type: 'X',
      Condition: 'Big',
      Properties: { a: { 'Fn::If': ['Old', { 'Fn::FindInMap': ['Sizes', { Ref: 'Key' }, 'b'] }, 'c'] } },
    }),
  ).toEqual({ names: ['Key'], conditions: ['Big', 'Old'], mappings: ['Sizes'] });
  expect(found({ 'Fn::And': [{ Condition: 'Big' }, { 'Fn::Equals': [{ Ref: 'One' }, 'a'] }] })).toEqual({
    names: ['One'],
    conditions: ['Big'],
    mappings: [],
  });
});
