import { expect, test } from '@jest/globals';
import {
  changedProperties,
  nameProperty,
  recreationOf,
} from '../../../infra/local/cloudformation/changes/update-behaviour.ts';

test('a property of a policy is compared without reading what the policy means', () => {
  expect(recreationOf('AWS::S3::BucketPolicy', 'Bucket')).toBe('Always');
  expect([...changedProperties('AWS::S3::BucketPolicy', { Bucket: 'a' }, { Bucket: 'b' }).keys()]).toEqual(['Bucket']);
});

test('AWS decides what a change does: a name replaces, a count does not, the zone of a subnet may', () => {
  expect(recreationOf('AWS::DynamoDB::Table', 'TableName')).toBe('Always');
  expect(recreationOf('AWS::ECS::Service', 'DesiredCount')).toBe('Never');
  expect(recreationOf('AWS::RDS::DBInstance', 'AvailabilityZone')).toBe('Conditionally');
  expect(recreationOf('AWS::ECS::Service', 'ServiceConnectConfiguration')).toBe('Never');
});

test('what CloudFormation takes for equal is no change', () => {
  const before = { DelaySeconds: 10, FifoQueue: true, QueueName: 'a' };
  const after = { DelaySeconds: '10', FifoQueue: 'true', QueueName: 'a' };
  expect(changedProperties('AWS::SQS::Queue', before, after).size).toBe(0);
  expect([...changedProperties('AWS::SQS::Queue', before, { ...after, QueueName: 'b', DelaySeconds: 1 })]).toEqual([
    ['DelaySeconds', 'Never'],
    ['QueueName', 'Always'],
  ]);
});

test('what AWS does not specify changes in place, whatever it is called', () => {
  expect(recreationOf('AWS::Invented::Thing', 'Name')).toBe('Never');
  expect(recreationOf('AWS::SQS::Queue', 'constructor')).toBe('Never');
});

test('a resource is named by the property of which a change replaces it', () => {
  expect(nameProperty('AWS::EC2::SecurityGroup', { GroupName: 'web', GroupDescription: 'd' })).toBe('GroupName');
  expect(nameProperty('AWS::SQS::Queue', {})).toBeUndefined();
});
