import { expect, test } from '@jest/globals';
import { withSecrets } from '../../../infra/local/cloudformation/template/dynamic-references.ts';
import { resolve } from '../../../infra/local/cloudformation/template/intrinsics.ts';
import { masked } from '../../../infra/local/cloudformation/template/no-echo.ts';
import { parameterTexts } from '../../../infra/local/cloudformation/template/parameters.ts';
import { parseTemplate } from '../../../infra/local/cloudformation/template/parse-template.ts';
import { prepare } from '../../../infra/local/cloudformation/template/prepare.ts';
import { scopeOf } from '../../../infra/local/cloudformation/template/scope.ts';

const place = { account: '123456789012', region: 'eu-west-1', stackName: 'shop', stackId: 'arn:stack/shop/1' };
const prepared = (template: object, parameters: Record<string, string> = {}) =>
  prepare(parseTemplate(JSON.stringify(template)), parameters, place);
const one = (properties: object = {}) => ({ Type: 'AWS::SNS::Topic', Properties: properties });

/** The value as the property of a resource beside a resource `Db` that exists. */
const resolved = (value: unknown, more: object = {}, parameters: Record<string, string> = {}) => {
  const ready = prepared({ Resources: { Db: one(), X: one({ Value: value }) }, ...more }, parameters);
  const db = {
    physicalId: 'db-1',
    attributes: { 'Endpoint.Address': 'db.local', Nested: { Port: 5432 }, Ids: ['i', 'j'] },
  };
  const scope = scopeOf(
    ready,
    (logicalId) => (logicalId === 'Db' ? db : undefined),
    (name) => `export of ${name}`,
  );
  return resolve(ready.template.Resources['X']?.Properties, scope);
};

test.each<[unknown, unknown]>([
  [{ Ref: 'Db' }, 'db-1'],
  [{ 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }, 'db.local'],
  [{ 'Fn::GetAtt': 'Db.Nested.Port' }, 5432],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-eu-west-1-1'],
  [{ 'Fn::Join': [',', { 'Fn::GetAtt': ['Db', 'Ids'] }] }, 'i,j'],
  [
    { 'Fn::Sub': '${Db}:${Db.Endpoint.Address}:${!Literal}:${AWS::AccountId}' },
    'db-1:db.local:${Literal}:123456789012',
  ],
  [{ 'Fn::Sub': ['${a}/${Db}', { a: { 'Fn::GetAtt': ['Db', 'Nested.Port'] } }] }, '5432/db-1'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['.', { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }] }] }, 'local'],
  [{ 'Fn::Base64': 'hä' }, 'aMOk'],
  [{ 'Fn::ImportValue': { 'Fn::Sub': '${AWS::StackName}-vpc' } }, 'export of shop-vpc'],
  [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
  [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
  [{ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }, 2] }, { b: [1, 2] }],
  [
    { Statement: [{ Condition: { StringEquals: { 'a:b': 'c' } } }] },
    { Statement: [{ Condition: { StringEquals: { 'a:b': 'c' } } }] },
  ],
  ['arn:${AWS::Partition}', 'arn:${AWS::Partition}'],
])('%j resolves to %j', (value, expected) => {
  expect(resolved(value)).toEqual({ Value: expected });
});

test.each<[unknown, RegExp]>([
  [{ 'Fn::GetAtt': ['Db', 'Nope'] }, /resource Db does not support attribute type Nope in Fn::GetAtt/],
  [{ 'Fn::Select': [3, ['a']] }, /Fn::Select cannot select nonexistent value at index 3/],
  [{ 'Fn::Frobnicate': [] }, /Fn::Frobnicate is not supported/],
  [{ 'Fn::FindInMap': ['No', 'such', 'key'] }, /Unable to get mapping for No::such::key/],
  [{ 'Fn::Join': ['-', 'text'] }, /every Fn::Join object requires a list/],
])('%j is refused', (value, problem) => {
  expect(() => resolved(value)).toThrow(problem);
});

test('mappings, conditions and their functions decide resources, outputs and branches', () => {
  const template = {
    Parameters: { Stage: { Type: 'String' }, Count: { Type: 'Number', Default: 1 } },
    Mappings: { Sizes: { prod: { Kind: 'large' }, dev: { Kind: 'small' } } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Many: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Count' }, 1] }] },
      Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'Many' }] },
      Any: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'Many' }] },
    },
    Resources: {
      Always: one({
        Size: { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'Kind'] },
        Peer: { 'Fn::If': ['Both', { Ref: 'OnlyBoth' }, { Ref: 'AWS::NoValue' }] },
      }),
      OnlyBoth: { ...one(), Condition: 'Both' },
      OnlyAny: { ...one(), Condition: 'Any' },
    },
    Outputs: { Prod: { Condition: 'IsProd', Value: 'yes' } },
  };
  const shape = (parameters: Record<string, string>) => {
    const ready = prepared(template, parameters);
    const scope = scopeOf(
      ready,
      () => ({ physicalId: 'there', attributes: {} }),
      () => '',
    );
    return [
      Object.keys(ready.template.Resources),
      resolve(ready.template.Resources['Always']?.Properties, scope),
      Object.keys(ready.template.Outputs ?? {}),
      ready.graph.get('Always'),
    ];
  };
  expect(shape({ Stage: 'dev', Count: '1' })).toEqual([['Always'], { Size: 'small' }, [], []]);
  expect(shape({ Stage: 'prod', Count: '2' })).toEqual([
    ['Always', 'OnlyBoth', 'OnlyAny'],
    { Size: 'large', Peer: 'there' },
    ['Prod'],
    ['OnlyBoth'],
  ]);
});

test.each<[string, object, string]>([
  [
    'a section nobody knows',
    { Resources: { A: one() }, Resource: {} },
    'Invalid template property or properties [Resource]',
  ],
  ['no resources', { Resources: {} }, 'At least one Resources member must be defined.'],
  [
    'more resources than AWS takes',
    { Resources: Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`Topic${n}`, one()])) },
    'Number of resources, 501, is greater than maximum allowed, 500',
  ],
  ['no type', { Resources: { A: {} } }, 'Every Resources object must contain a Type member.'],
  ['a logical id with a hyphen', { Resources: { 'A-1': one() } }, 'Resource name A-1 is non alphanumeric.'],
  ['an unknown policy', { Resources: { A: { ...one(), DeletionPolicy: 'Keep' } } }, 'Unrecognized DeletionPolicy Keep'],
  [
    'a dangling Ref',
    { Resources: { A: one({ x: { Ref: 'B' } }) } },
    'Unresolved resource dependencies [B] in the Resources block of the template',
  ],
  [
    'a dangling GetAtt',
    { Resources: { A: one({ x: { 'Fn::GetAtt': 'B.Arn' } }) } },
    'Unresolved resource dependencies [B] in the Resources block',
  ],
  [
    'a dangling Sub',
    { Resources: { A: one({ x: { 'Fn::Sub': '${B.Arn}' } }) } },
    'Unresolved resource dependencies [B] in the Resources block',
  ],
  [
    'a dangling DependsOn',
    { Resources: { A: { ...one(), DependsOn: ['B'] } } },
    'Unresolved resource dependencies [B] in the Resources block',
  ],
  [
    'a dangling output',
    { Resources: { A: one() }, Outputs: { O: { Value: { Ref: 'B' } } } },
    'Unresolved resource dependencies [B] in the Outputs block',
  ],
  [
    'an unknown condition',
    { Resources: { A: { ...one(), Condition: 'C' } } },
    'Unresolved condition dependencies [C] in the Resources block',
  ],
  [
    'a circle',
    { Resources: { A: one({ x: { Ref: 'B' } }), B: one({ x: { Ref: 'A' } }) } },
    'Circular dependency between resources: [A, B]',
  ],
  [
    'a resource in a condition',
    { Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 1] } }, Resources: { A: one() } },
    'Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  ['a transform', { Transform: 'AWS::Serverless-2016-10-31', Resources: { A: one() } }, 'Transforms run at AWS only'],
])('%s is refused', (_, template, words) => {
  expect(() => prepared(template)).toThrow(words);
});

test('YAML with short tags is the same as JSON with long names', () => {
  const yaml = `
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  C: !Not [!Equals [!Ref AWS::Region, eu-west-1]]
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "\${AWS::StackName}-a"
      DisplayName: !If [C, !GetAtt B.TopicName, !Join ["", [a, !Ref B]]]
      Other: !Select [0, !Split [",", !ImportValue x]]
      Sub: !Sub ["\${v}", {v: !Base64 abc}]
      Size: !FindInMap [M, k, v]
  B: {Type: AWS::SNS::Topic}
`;
  expect(parseTemplate(yaml)).toEqual({
    AWSTemplateFormatVersion: '2010-09-09',
    Conditions: { C: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }] } },
    Resources: {
      A: {
        Type: 'AWS::SNS::Topic',
        Properties: {
          TopicName: { 'Fn::Sub': '${AWS::StackName}-a' },
          DisplayName: { 'Fn::If': ['C', { 'Fn::GetAtt': 'B.TopicName' }, { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }] },
          Other: { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::ImportValue': 'x' }] }] },
          Sub: { 'Fn::Sub': ['${v}', { v: { 'Fn::Base64': 'abc' } }] },
          Size: { 'Fn::FindInMap': ['M', 'k', 'v'] },
        },
      },
      B: { Type: 'AWS::SNS::Topic' },
    },
  });
});

test.each([
  ['{ "Resources": ', 'JSON not well-formed.'],
  ['Resources: [\nB: {', 'YAML not well-formed. (line 2, column 1)'],
  ['Resources: !Nope 1', 'YAML not well-formed. (line 1, column 12) Unresolved tag: !Nope'],
  ['just text', 'unsupported structure.'],
])('%j is no template', (body, words) => {
  expect(() => parseTemplate(body)).toThrow(`Template format error: ${words}`);
});

test.each<[object, string | undefined, string]>([
  [{ Type: 'String' }, undefined, 'Parameters: [P] must have values'],
  [{ Type: 'Number' }, 'x', "Parameter 'P' must be a number"],
  [{ Type: 'List<Number>' }, '1, x', "Parameter 'P' must be a number"],
  [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'c', "Parameter 'P' must be one of AllowedValues"],
  [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'a1', "Parameter 'P' must match pattern [a-z]+"],
  [
    { Type: 'String', AllowedPattern: 'x', ConstraintDescription: 'just x' },
    'y',
    "Parameter 'P' failed to satisfy constraint: just x",
  ],
  [{ Type: 'String', MinLength: 2 }, 'a', "Parameter 'P' must contain at least 2 characters"],
  [{ Type: 'Number', MaxValue: 2 }, '3', "Parameter 'P' must be a number not greater than 2"],
  [{ Type: 'Strng' }, 'a', 'Template format error: Unrecognized parameter type: Strng'],
])('a parameter %j refuses %j', (declaration, value, words) => {
  const template = parseTemplate(JSON.stringify({ Parameters: { P: declaration }, Resources: { A: one() } }));
  const given = value === undefined ? [] : [{ ParameterKey: 'P', ParameterValue: value }];
  expect(() => parameterTexts(template, given, undefined)).toThrow(words);
});

test('parameters: unknown ones are refused; defaults, kept values and lists', () => {
  const Parameters = {
    Name: { Type: 'String', Default: 'x' },
    Zones: { Type: 'List<AWS::EC2::Subnet::Id>' },
    Vpc: { Type: 'AWS::EC2::VPC::Id' },
    Many: { Type: 'CommaDelimitedList', Default: '' },
  };
  const template = parseTemplate(JSON.stringify({ Parameters, Resources: { A: one() } }));
  expect(() => parameterTexts(template, [{ ParameterKey: 'Nme', ParameterValue: '' }], {})).toThrow(
    'Parameters: [Nme] do not exist in the template',
  );
  const given = [
    { ParameterKey: 'Zones', ParameterValue: 'a, b' },
    { ParameterKey: 'Vpc', UsePreviousValue: 'true' },
  ];
  expect(() => parameterTexts(template, given, {})).toThrow(
    /Cannot specify usePreviousValue as true for a parameter key/,
  );
  const texts = parameterTexts(template, given, { Vpc: 'vpc-1', Name: 'old' });
  expect(texts).toEqual({ Name: 'x', Zones: 'a, b', Vpc: 'vpc-1', Many: '' });
  expect(prepare(template, texts, place).parameters).toEqual({ Name: 'x', Zones: ['a', 'b'], Vpc: 'vpc-1', Many: [] });
});

test('dynamic references are read by name or ARN, with and without a key', () => {
  const read = (secretId: string, jsonKey?: string) =>
    secretId.includes('db') ? `<${secretId}|${jsonKey}>` : undefined;
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
  const value = {
    whole: '{{resolve:secretsmanager:db}}',
    key: ['x={{resolve:secretsmanager:db:SecretString:password}};'],
    arn: `{{resolve:secretsmanager:${arn}:SecretString:password::}}`,
  };
  expect(withSecrets(value, read)).toEqual({
    whole: '<db|undefined>',
    key: ['x=<db|password>;'],
    arn: `<${arn}|password>`,
  });
  expect(() => withSecrets('{{resolve:secretsmanager:nobody}}', read)).toThrow(
    "Secrets Manager can't find the specified secret.",
  );
});

test('secret values are masked in plain text and in JSON, short ones only where they stand alone', () => {
  expect(masked('pw=pa"ss', ['pa"ss'])).toBe('pw=****');
  expect(masked(JSON.stringify({ a: 'x pa"ss', b: '1', c: '12' }), ['pa"ss', '1'])).toBe(
    '{"a":"x ****","b":"****","c":"12"}',
  );
});
