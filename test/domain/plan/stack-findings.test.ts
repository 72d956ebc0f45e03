import { expect, test } from '@jest/globals';
import type { ResourceChange } from '../../../functions/domain/plan/plan.ts';
import { needsPerson, stackFindings } from '../../../functions/domain/plan/stack-findings.ts';
import type { Template, TemplateResource } from '../../../functions/domain/template/template.ts';
import { change } from './findings.ts';

const task = (more: Readonly<Record<string, unknown>> = {}): TemplateResource => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { TaskRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...more },
});

const resources: Template['Resources'] = {
  Task: task(),
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        {
          PolicyDocument: {
            Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
          },
        },
      ],
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'fixed' } },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'a' } },
  Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Task' } } },
};

const template = (more: Template['Resources'] = {}): Template => ({ Resources: { ...resources, ...more } });

const empty: Template = { Resources: { NullResource: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } };

const found = (changes: readonly ResourceChange[], release = template(), running = template()) =>
  stackFindings({ prepared: { changes }, running, release });

const newTask = change('Task', 'AWS::ECS::TaskDefinition', {
  replacement: 'True',
  properties: ['ContainerDefinitions'],
});
const follows = change('Service', 'AWS::ECS::Service', { properties: ['TaskDefinition'], dynamic: true });

test('a stack that holds nothing but its placeholder has its first release before it, and nobody to ask', () => {
  const findings = found([change('Queue', 'AWS::SQS::Queue', { action: 'Add' })], template(), empty);
  expect(findings).toMatchObject({ firstRelease: true, kind: 'infrastructure', additive: true, approvals: [] });
});

test('nothing, only a version, and anything else', () => {
  expect(found([]).kind).toBe('nothing');
  expect(found([change('Service', 'AWS::ECS::Service', { properties: ['DesiredCount'] })]).kind).toBe('nothing');
  expect(found([newTask, follows])).toMatchObject({
    kind: 'version-only',
    versionIndependent: true,
    additive: true,
    replacesServing: [],
  });
  expect(found([newTask, change('Service', 'AWS::ECS::Service', { properties: ['NetworkConfiguration'] })]).kind).toBe(
    'infrastructure',
  );
});

test('a change that a changed task definition refers to, directly or not, makes the version depend on it', () => {
  const alarm = change('Alarm', 'AWS::CloudWatch::Alarm', { properties: ['Threshold'] });
  const queue = change('Queue', 'AWS::SQS::Queue', { properties: ['VisibilityTimeout'] });
  expect(found([newTask, alarm]).versionIndependent).toBe(true);
  expect(found([queue]).versionIndependent).toBe(true);
  expect(found([newTask, queue]).versionIndependent).toBe(false);
});

test('a new version beside additions is additive, beside changes or removals it is not', () => {
  expect(found([newTask, change('New', 'AWS::SQS::Queue', { action: 'Add' })]).additive).toBe(true);
  expect(found([newTask, change('Queue', 'AWS::SQS::Queue')]).additive).toBe(false);
  expect(found([newTask, change('Alarm', 'AWS::CloudWatch::Alarm', { action: 'Remove' })]).additive).toBe(false);
});

test('replacing what serves counts, also when it is only possible', () => {
  for (const replacement of ['True', 'Conditional'] as const)
    expect(
      found([change('Service', 'AWS::ECS::Service', { replacement, properties: ['LaunchType'] })]).replacesServing,
    ).toEqual(['Service']);
  expect(found([newTask]).replacesServing).toEqual([]);
});

test.each([
  [
    'a deleted queue',
    change('Queue', 'AWS::SQS::Queue', { action: 'Remove' }),
    ['Queue (AWS::SQS::Queue) would be deleted with what it holds.'],
  ],
  ['a retained bucket', change('Bucket', 'AWS::S3::Bucket', { action: 'Remove', policyAction: 'Retain' }), []],
  [
    'a replaced table',
    change('T', 'AWS::DynamoDB::Table', { replacement: 'True', properties: ['KeySchema'] }),
    ['T (AWS::DynamoDB::Table) would be replaced by an empty one, because of KeySchema.'],
  ],
  [
    'a table that may be replaced',
    change('T', 'AWS::DynamoDB::Table', { replacement: 'Conditional' }),
    ['T (AWS::DynamoDB::Table) may be replaced by an empty one, because of what it refers to.'],
  ],
  [
    'a type nobody knows',
    change('X', 'Custom::Thing', { action: 'Remove' }),
    ['X (Custom::Thing) would be deleted with what it holds.'],
  ],
  ['a deleted rule', change('R', 'AWS::Events::Rule', { action: 'Remove' }), []],
  [
    'a replaced bucket whose old one is retained',
    change('Bucket', 'AWS::S3::Bucket', { replacement: 'True', policyAction: 'ReplaceAndRetain' }),
    ['Bucket (AWS::S3::Bucket) would be replaced by an empty one, because of what it refers to.'],
  ],
])('a person is asked about %s or not', (_, planned, approvals) => {
  expect(found([planned]).approvals).toEqual(approvals);
});

test("the running template's own deletion policy counts where the change set says nothing", () => {
  const kept = template({ Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'RetainExceptOnCreate' } });
  expect(found([change('Bucket', 'AWS::S3::Bucket', { action: 'Remove' })], template(), kept).approvals).toEqual([]);
});

test('replacing what has a name of its own can never work, and is refused with what to do', () => {
  const replaced = change('Queue', 'AWS::SQS::Queue', { replacement: 'True', properties: ['FifoQueue'] });
  expect(found([replaced]).refusals).toEqual([
    'Queue (AWS::SQS::Queue) would have to be replaced, because of FifoQueue, but its QueueName is fixed and still taken: give it another logical id and QueueName, or undo the change.',
  ]);
  expect(found([{ ...replaced, properties: ['FifoQueue', 'QueueName'] }]).refusals).toEqual([]);
  expect(found([newTask]).refusals).toEqual([]);
});

test('what CloudFormation refused is refused', () => {
  const findings = stackFindings({
    prepared: { changes: [], failure: 'No such type' },
    running: template(),
    release: template(),
  });
  expect(findings.refusals).toEqual(['CloudFormation refuses the change: No such type']);
});

test('without a plan, the same two kinds of things need a person', () => {
  const removed = change('Bucket', 'AWS::S3::Bucket', { action: 'Remove' });
  const replaced = change('Queue', 'AWS::SQS::Queue', { replacement: 'True', properties: ['FifoQueue'] });
  expect(needsPerson([newTask, follows], template(), template())).toEqual([]);
  expect(needsPerson([removed, replaced], template(), template())).toHaveLength(3);
});

const role = (...statements: readonly unknown[]): TemplateResource => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statements } }] },
});

const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' };

test.each([
  ['the same', [allow('s3:GetObject', 'a')], [allow(['s3:GetObject'], ['a'], { Sid: 'Renamed' })], []],
  ['less', [allow(['s3:GetObject', 's3:PutObject'], 'a')], [allow('s3:GetObject', 'a')], []],
  [
    'an action',
    [allow('s3:GetObject', 'a')],
    [allow(['s3:GetObject', 's3:PutObject'], 'a')],
    ['IAM widens: R may s3:PutObject.'],
  ],
  ['a pattern', [allow('s3:GetObject', 'a')], [allow('s3:*', 'a')], ['IAM widens: R may s3:*.']],
  ['what a pattern covered already', [allow('s3:*', 'a')], [allow('s3:PutObject', 'a')], []],
  [
    'a resource',
    [allow('s3:GetObject', 'a')],
    [allow('s3:GetObject', ['a', '*'])],
    ['IAM widens: R may s3:GetObject.'],
  ],
  [
    'a condition taken away',
    [allow('s3:GetObject', 'a', { Condition: { Bool: { x: 'true' } } })],
    [allow('s3:GetObject', 'a')],
    ['IAM widens: R may s3:GetObject.'],
  ],
  [
    'a denial taken away',
    [allow('s3:*', 'a'), deny],
    [allow('s3:*', 'a')],
    ['IAM widens: R is no longer denied s3:DeleteObject.'],
  ],
  ['a denial added', [allow('s3:*', 'a')], [allow('s3:*', 'a'), deny], []],
  [
    'a form nobody knows',
    [],
    [{ 'Fn::If': ['C', allow('*', '*'), { Ref: 'AWS::NoValue' }] }],
    ['IAM widens: R may do something that is written in a form Slipway does not know.'],
  ],
  [
    'everything but',
    [],
    [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    ['IAM widens: R may do something that is written in a form Slipway does not know.'],
  ],
])('rights that a role gains are widening, others not: %s', (_, before, after, approvals) => {
  expect(found([], template({ R: role(...after) }), template({ R: role(...before) })).approvals).toEqual(approvals);
});

test('rights on what this very release adds are no widening, unless they reach further', () => {
  const bucket: TemplateResource = { Type: 'AWS::S3::Bucket' };
  const own = { 'Fn::Sub': '${Bucket.Arn}/*' };
  const running = template({ R: role() });
  const ownToo = [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': 'Bucket.Arn' }, '/*']] }];
  for (const resource of [own, ...ownToo])
    expect(
      found([], template({ R: role(allow('s3:GetObject', resource)), Bucket: bucket }), running).approvals,
    ).toEqual([]);
  for (const resource of [
    { 'Fn::Sub': ['*', { x: { Ref: 'Bucket' } }] },
    { 'Fn::Sub': '*${Bucket}' },
    { 'Fn::Join': ['', ['*', { Ref: 'Bucket' }]] },
  ])
    expect(
      found([], template({ R: role(allow('s3:GetObject', resource)), Bucket: bucket }), running).approvals,
    ).toHaveLength(1);
  expect(found([], template({ R: role(allow('*', own)), Bucket: bucket }), running).approvals).toHaveLength(1);
  expect(
    found([], template({ R: role(allow('s3:GetObject', [own, '*'])), Bucket: bucket }), running).approvals,
  ).toHaveLength(1);
  expect(
    found(
      [],
      template({ R: role(allow('s3:GetObject', own)), Bucket: bucket }),
      template({ R: role(), Bucket: bucket }),
    ).approvals,
  ).toHaveLength(1);
});

test('a new role may hold what a role of the stack holds already, and no more', () => {
  const running = template({ R: role(allow('s3:GetObject', 'a')) });
  const twice = { R: role(allow('s3:GetObject', 'a')), R2: role(allow('s3:GetObject', 'a')) };
  expect(found([], template(twice), running).approvals).toEqual([]);
  expect(found([], template({ ...twice, R2: role(allow('s3:PutObject', 'a')) }), running).approvals).toEqual([
    'IAM widens: R2 may s3:PutObject.',
  ]);
});

test('managed policies, who may assume a role, and boundaries count', () => {
  const plain = {
    Type: 'AWS::IAM::Role',
    Properties: {
      PermissionsBoundary: 'b',
      AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: 'a', Action: 'sts:AssumeRole' } },
    },
  };
  const wider = {
    Type: 'AWS::IAM::Role',
    Properties: {
      ManagedPolicyArns: [{ Ref: 'Policy' }],
      AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } },
    },
  };
  const findings = stackFindings({
    prepared: { changes: [] },
    running: template({ R: plain }),
    release: template({ R: wider }),
    parameters: { Policy: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  });
  expect(findings.approvals).toEqual([
    'IAM widens: R may sts:AssumeRole.',
    'IAM widens: R may do all that the managed policy arn:aws:iam::aws:policy/AdministratorAccess allows.',
    'IAM widens: R has another permissions boundary.',
  ]);
});

test('a policy behind a parameter that changes its value may widen', () => {
  const same = template({ R: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'Policy' }] } } });
  const moved = change('R', 'AWS::IAM::Role', { properties: ['ManagedPolicyArns'], dynamic: true });
  expect(found([moved], same, same).approvals).toEqual([
    'IAM may widen: what ManagedPolicyArns of R refers to changes.',
  ]);
});
