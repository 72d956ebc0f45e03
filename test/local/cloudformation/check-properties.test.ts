import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, expect, test } from '@jest/globals';
import { checkProperties, findingWords } from '../../../infra/local/cloudformation/specification/check-properties.ts';
import { atRest, createStack, eventsOf, openStage, type Stage, seen, topic, turn, updateStack } from './stage.ts';

const wrong = (type: string, properties: object) => checkProperties(type, properties).map(findingWords);

const code = { S3Bucket: 'b', S3Key: 'k' };
const sound = { Code: code, Role: 'arn:aws:iam::123456789012:role/r', Handler: 'a.b', Runtime: 'nodejs24.x' };

test.each<[string, object, string]>([
  [
    'an unknown property',
    { MemorySiz: 512 },
    '#: extraneous key [MemorySiz] is not permitted (did you mean MemorySize?)',
  ],
  ['one that resembles none', { Colour: 'red' }, '#: extraneous key [Colour] is not permitted'],
  ['an inherited name', { constructor: 1 }, '#: extraneous key [constructor] is not permitted'],
  [
    'one further down',
    { Code: { ...code, S3Buckt: 'b' } },
    '#/Code: extraneous key [S3Buckt] is not permitted (did you mean S3Bucket?)',
  ],
  ['a missing property', { Role: undefined }, '#: required key [Role] not found'],
  [
    'one missing in a list',
    { FileSystemConfigs: [{ Arn: 'arn' }] },
    '#/FileSystemConfigs/0: required key [LocalMountPath] not found',
  ],
  ['a text for a number', { Timeout: 'long' }, '#/Timeout: expected type: Integer, found: String'],
  ['a fraction for an integer', { Timeout: 1.5 }, '#/Timeout: expected type: Integer, found: Number'],
  ['an object for a text', { Handler: {} }, '#/Handler: expected type: String, found: JSONObject'],
  ['a text for a list', { Layers: 'arn' }, '#/Layers: expected type: JSONArray, found: String'],
  ['a list for an object', { Environment: [] }, '#/Environment: expected type: JSONObject, found: JSONArray'],
  [
    'a number among texts by name',
    { Environment: { Variables: { A: ['x'] } } },
    '#/Environment/Variables/A: expected type: String, found: JSONArray',
  ],
])('%s is refused as AWS words it', (_what, more, words) => {
  expect(wrong('AWS::Lambda::Function', { ...sound, ...more })).toEqual([words]);
});

test('what AWS converts, and what only an execution can tell, is let through', () => {
  expect(wrong('AWS::Lambda::Function', sound)).toEqual([]);
  const open = '{{changeSet:KNOWN_AFTER_APPLY:Thing.Ref}}';
  const converted = { Timeout: '10', MemorySize: 512, Description: 7, Layers: open, Environment: open };
  expect(wrong('AWS::Lambda::Function', { ...sound, ...converted })).toEqual([]);
  const options = { DeletionProtectionEnabled: 'true', SSESpecification: { SSEEnabled: '{{resolve:ssm:x}}' } };
  expect(wrong('AWS::DynamoDB::Table', { KeySchema: [], ...options })).toEqual([]);
  expect(wrong('AWS::Invented::Thing', { Anything: 1 })).toEqual([]);
});

test('an enumeration is held to, and the word that was meant is named', () => {
  expect(wrong('AWS::Logs::LogGroup', { RetentionInDays: 30 })).toEqual([]);
  expect(wrong('AWS::Logs::LogGroup', { RetentionInDays: '31' })).toEqual([
    expect.stringMatching(/^#\/RetentionInDays: failed validation constraint for keyword \[enum\]: 31/),
  ]);
});

test('of the forms that a value may have, a list is judged as a list', () => {
  const key = { AttributeName: 'id', KeyType: 'HASH' };
  expect(wrong('AWS::DynamoDB::Table', { KeySchema: [key] })).toEqual([]);
  expect(wrong('AWS::DynamoDB::Table', { KeySchema: [{ ...key, KeyType: undefined, KeyTyp: 'HASH' }] })).toEqual([
    '#/KeySchema/0: required key [KeyType] not found',
    '#/KeySchema/0: extraneous key [KeyTyp] is not permitted (did you mean KeyType?)',
  ]);
  for (const AssumeRolePolicyDocument of ['{}', { Version: '2012-10-17' }])
    expect(wrong('AWS::IAM::Role', { AssumeRolePolicyDocument })).toEqual([]);
});

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

test('a resource whose properties do not fit its type fails before anything makes it, and takes nothing along', async () => {
  stage = await openStage();
  await createStack(stage, 'shop', { Resources: { A: topic({ DisplayNam: 'x' }), B: topic({}, { DependsOn: 'A' }) } });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(seen(stage)).toEqual([]);
  const failed = (await eventsOf(stage, 'shop')).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  expect(failed).toMatchObject({
    LogicalResourceId: 'A',
    ResourceStatusReason:
      'Properties validation failed for resource A with message:\n' +
      '#: extraneous key [DisplayNam] is not permitted (did you mean DisplayName?)',
  });
});

test('an update to what does not fit leaves the resource as it was', async () => {
  stage = await openStage();
  await createStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'x' }) } });
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: ['x'] }) } });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(seen(stage)).toEqual(['create A']);
});

test('the early validation of a change set names each resource and property that does not fit', async () => {
  stage = await openStage();
  const { client } = stage;
  const Resources = { A: topic({ DisplayName: { Ref: 'B' }, FifoTopic: 'maybe' }), B: topic({ Nam: 'b' }) };
  const names = { StackName: 'shop', ChangeSetName: 'first' };
  await client.send(
    new CreateChangeSetCommand({ ...names, ChangeSetType: 'CREATE', TemplateBody: JSON.stringify({ Resources }) }),
  );
  const look = () => client.send(new DescribeChangeSetCommand(names));
  while ((await look()).Status !== 'FAILED') await turn();
  expect((await look()).StatusReason).toMatch(/\[AWS::EarlyValidation::PropertyValidation\]/);
  const { OperationEvents = [] } = await client.send(
    new DescribeEventsCommand({ ...names, Filters: { FailedEvents: true } }),
  );
  expect(OperationEvents.map((each) => [each.ValidationPath, each.ValidationStatusReason])).toEqual([
    ['/Resources/A/Properties/FifoTopic', '#/FifoTopic: expected type: Boolean, found: String'],
    ['/Resources/B', '#: extraneous key [Nam] is not permitted'],
  ]);
});

test('a type that nobody makes is refused with the one that was meant', async () => {
  stage = await openStage();
  await expect(createStack(stage, 'shop', { Resources: { A: { Type: 'AWS::SQS::Quue' } } })).rejects.toThrow(
    'Template format error: Unrecognized resource types: [AWS::SQS::Quue] (did you mean AWS::SQS::Queue?)',
  );
});

test('an attribute that a type does not give is refused before anything is made', async () => {
  stage = await openStage();
  const { client } = stage;
  const template = (attribute: string) => ({
    Resources: { A: topic(), B: topic({ DisplayName: { 'Fn::Sub': `at \${A.${attribute}}` } }) },
  });
  const refused =
    'Template error: resource A does not support attribute type TopicArm in Fn::GetAtt (did you mean TopicArn?)';
  await expect(createStack(stage, 'shop', template('TopicArm'))).rejects.toThrow(refused);
  const TemplateBody = JSON.stringify(template('TopicArm'));
  await expect(client.send(new ValidateTemplateCommand({ TemplateBody }))).rejects.toThrow(refused);
  await client.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify(template('TopicArn')) }));
});
