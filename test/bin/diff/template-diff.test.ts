import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Side, withoutDigests } from '../../../bin/diff/side.ts';
import { isSame, templateDiff } from '../../../bin/diff/template-diff.ts';
import type { Parameter, TemplateResource } from '../../../functions/domain/template/template.ts';

const side = (
  resources: Readonly<Record<string, TemplateResource>>,
  parameters: readonly Parameter[] = [],
  more: object = {},
): Side => ({
  template: {
    Resources: resources,
    Parameters: Object.fromEntries(parameters.map(({ name }) => [name, { Type: 'String' }])),
    ...more,
  },
  beside: { parameters, databases: [] },
});

const bucket = (name: string, more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName: name },
  ...more,
});
const task = (image: string) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ContainerDefinitions: [{ Name: 'web', Image: image }] },
});
const service = (properties: object) => ({
  Type: 'AWS::ECS::Service',
  Properties: { TaskDefinition: { Ref: 'Task' }, ...properties },
});

test('a release holds no difference to itself', () => {
  const same = side({ Task: task('shop:1'), Service: service({ DependsOn: 'Task' }) });
  expect(isSame(templateDiff(same, structuredClone(same)))).toBe(true);
});

test('what comes and goes is named with its type, and whether it is kept', () => {
  const before = side({
    Gone: { Type: 'AWS::SQS::Queue' },
    Kept: bucket('a', { DeletionPolicy: 'RetainExceptOnCreate' }),
  });
  const after = side({ New: { Type: 'AWS::SQS::Queue' } });
  expect(templateDiff(before, after)).toMatchObject({
    added: [{ logicalId: 'New', type: 'AWS::SQS::Queue' }],
    removed: [
      { logicalId: 'Gone', type: 'AWS::SQS::Queue', kept: false },
      { logicalId: 'Kept', type: 'AWS::S3::Bucket', kept: true },
    ],
    approvals: ['Gone (AWS::SQS::Queue) would be deleted with what it holds.'],
  });
});

test('a change is told by property, and who follows it', () => {
  const found = templateDiff(
    side({ Task: task('shop:1'), Service: service({}) }),
    side({ Task: task('shop:2'), Service: service({}) }),
  );
  expect(found.changed).toEqual([
    { logicalId: 'Service', type: 'AWS::ECS::Service', replacement: 'False', properties: [], follows: ['Task'] },
    {
      logicalId: 'Task',
      type: 'AWS::ECS::TaskDefinition',
      replacement: 'True',
      properties: [{ path: 'ContainerDefinitions[web].Image', before: 'shop:1', after: 'shop:2' }],
      follows: [],
    },
  ]);
  expect(found.replacements).toEqual([
    expect.objectContaining({ logicalId: 'Task', certain: true, because: ['ContainerDefinitions'] }),
  ]);
});

test('a parameter that changes changes what refers to it', () => {
  const withVersion = (value: string) =>
    side({ Task: { ...task('shop'), Properties: { Family: { Ref: 'VersionTag' } } } }, [
      { kind: 'value', name: 'VersionTag', value },
    ]);
  const found = templateDiff(withVersion('v1'), withVersion('v2'));
  expect(found.parameters).toEqual([{ path: 'VersionTag', before: 'v1', after: 'v2' }]);
  expect(found.changed).toMatchObject([{ logicalId: 'Task', properties: [], follows: ['VersionTag'] }]);
});

describe('A replacement is put in words', () => {
  const means = (before: TemplateResource, after: TemplateResource) =>
    templateDiff(side({ It: before }), side({ It: after })).replacements.map(
      ({ certain, because, means: words }) => `${certain} ${because}: ${words}`,
    );

  test('a service', () => {
    expect(means(service({ LaunchType: 'EC2' }), service({ LaunchType: 'FARGATE' }))).toEqual([
      'true LaunchType: another service starts its tasks, then the old one is deleted with its own',
    ]);
  });

  test('what is retained, only where both templates say so', () => {
    const kept = { UpdateReplacePolicy: 'Retain' };
    const stays = 'the old one stays with what it holds, outside of the stack; the new one is empty';
    expect(means(bucket('a', kept), bucket('b', kept))).toEqual([expect.stringMatching(`BucketName: ${stays}$`)]);
    expect(means(bucket('a'), bucket('b', kept))).toEqual([expect.not.stringContaining('stays')]);
  });

  test('a queue with its messages', () => {
    const queue = (name: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: name } });
    expect(means(queue('a'), queue('b'))).toEqual([expect.stringContaining('the messages that wait in it')]);
  });

  test('a type of which nothing is known', () => {
    const table = (name: string) => ({ Type: 'AWS::DynamoDB::Table', Properties: { TableName: name } });
    expect(means(table('a'), table('b'))).toEqual([
      'false TableName: the new one is empty, and the old one is deleted with what it holds',
    ]);
  });
});

test('what Slipway would refuse is told: a resource that is replaced and keeps its name', () => {
  const group = (port: number) => ({
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: { Name: 'shop', Port: port },
  });
  expect(templateDiff(side({ Group: group(80) }), side({ Group: group(81) })).refusals).toEqual([
    expect.stringContaining('its Name is fixed and still taken'),
  ]);
});

test('another order of making resources is a difference that replaces nothing', () => {
  const found = templateDiff(
    side({ Task: task('shop'), Service: { ...service({}), DependsOn: 'Task' } }),
    side({ Task: task('shop'), Service: service({}) }),
  );
  expect(found).toMatchObject({
    changed: [
      {
        logicalId: 'Service',
        replacement: 'False',
        properties: [{ path: 'DependsOn', before: ['Task'] }],
      },
    ],
    replacements: [],
  });
  const one = side({ Task: task('shop'), Service: { ...service({}), DependsOn: 'Task' } });
  const list = side({ Task: task('shop'), Service: { ...service({}), DependsOn: ['Task'] } });
  expect(isSame(templateDiff(one, list))).toBe(true);
});

test('whatever else stands in a template is compared as well', () => {
  const found = templateDiff(
    side({}, [], { Description: 'a' }),
    side({}, [], { Description: 'b', Outputs: { X: { Value: 1 } } }),
  );
  expect(found.others).toEqual([
    { path: 'Description', before: 'a', after: 'b' },
    { path: 'Outputs', after: { X: { Value: 1 } } },
  ]);
  expect(isSame(found)).toBe(false);
});

test('a parameter that both declare may be declared differently', () => {
  const number = { kind: 'value', name: 'Count', value: '1' } as const;
  const [before, after] = [side({}, [number]), side({}, [number])];
  const typed = { ...after, template: { ...after.template, Parameters: { Count: { Type: 'Number' } } } };
  expect(templateDiff(before, typed).others).toEqual([
    { path: 'Parameters.Count.Type', before: 'String', after: 'Number' },
  ]);
});

test('of a bare template the values count as unchanged, and parameters that come and go are told', () => {
  const bare = { template: { ...side({ Task: task('a') }).template, Parameters: { Old: { Type: 'String' } } } };
  const found = templateDiff(bare, side({ Task: task('a') }, [{ kind: 'value', name: 'New', value: '1' }]));
  expect(found.parameters).toEqual([
    { path: 'New', after: '1' },
    { path: 'Old', before: 'declared' },
  ]);
  expect(found.changed).toEqual([]);
});

test('databases of a release are compared beside its template', () => {
  const database = { key: 'main', databaseName: 'dev_shop_main', serverGroup: 'default' };
  const withExtensions = (extensions: readonly string[]): Side => ({
    template: { Resources: {} },
    beside: { parameters: [], databases: [{ ...database, extensions }] },
  });
  expect(templateDiff(withExtensions([]), withExtensions(['citext'])).databases).toEqual([
    { path: '[main].extensions', before: [], after: ['citext'] },
  ]);
});

test('digests that a deployment put on the images of a release are no difference, other digests are', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;
  const pinned = side({ Task: task(`shop:1${digest}`), Other: task(`other:1${digest}`) });
  const plain = side({ Task: task('shop:1'), Other: task('other:1') });
  expect(templateDiff(withoutDigests(pinned, ['shop:1']), plain).changed.map(({ logicalId }) => logicalId)).toEqual([
    'Other',
  ]);
});

test('two templates without a difference hold the same resources, whatever they are', () => {
  const resources = fc.dictionary(
    fc.constantFrom('A', 'B', 'C'),
    fc.record({
      Type: fc.constantFrom('AWS::SQS::Queue', 'AWS::IAM::Role'),
      Properties: fc.dictionary(fc.constantFrom('X', 'Y'), fc.constantFrom(1, 2)),
    }),
  );
  fc.assert(
    fc.property(resources, resources, (one, other) => {
      const found = templateDiff(side(one), side(other));
      expect(isSame(found)).toBe(JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)));
      const ids = [...found.added, ...found.changed, ...found.removed].map(({ logicalId }) => logicalId);
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

const sorted = (node: unknown): unknown =>
  typeof node === 'object' && node !== null
    ? Object.entries(node)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, sorted(value)])
    : node;
