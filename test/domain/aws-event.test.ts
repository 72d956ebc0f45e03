import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AwsEvent, hintFrom } from '../../functions/domain/aws-event.ts';
import { cloudFormationStatuses, isAtRest } from '../../functions/domain/cloudformation-status.ts';

const event = (source: string, detail: AwsEvent['detail']): AwsEvent => ({ source, 'detail-type': 'any', detail });
const stackId = 'arn:aws:cloudformation:eu-west-1:000000000000:stack/prod-shop/6c1b';
const stackEvent = (status: string, more: object = {}) =>
  event('aws.cloudformation', {
    'stack-id': stackId,
    'status-details': { status, 'status-reason': '' },
    'client-request-token': 't1',
    ...more,
  });
const taskEvent = (more: object = {}) =>
  event('aws.ecs', { lastStatus: 'STOPPED', startedBy: 't1', group: 'family:migrate', ...more });
const imageEvent = (more: object = {}) =>
  event('aws.ecr', {
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'repository-name': 'team/shop',
    'image-tag': 'c0ffee',
    ...more,
  });

test.each(cloudFormationStatuses)('%s of a stack hints at the stack and at the token it carries', (status) => {
  const ended = isAtRest(status);
  expect(hintFrom(stackEvent(status))).toEqual({ token: 't1', stackName: 'prod-shop', stackId, ended });
});

test('a stack event without a token, without a status, or without anything still hints at what it names', () => {
  expect(hintFrom(stackEvent('UPDATE_COMPLETE', { 'client-request-token': undefined }))).toEqual({
    stackName: 'prod-shop',
    stackId,
    ended: true,
  });
  expect(hintFrom(stackEvent('UPDATE_COMPLETE', { 'status-details': null }))).toMatchObject({ ended: false });
  expect(hintFrom(event('aws.cloudformation', {}))).toEqual({ ended: false });
});

test.each(['PROVISIONING', 'PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', undefined])(
  'a task that is %s says nothing',
  (lastStatus) => {
    expect(hintFrom(taskEvent({ lastStatus }))).toBeUndefined();
  },
);

test('a stopped task ends what carries its token, and of a service it names the service', () => {
  expect(hintFrom(taskEvent())).toEqual({ token: 't1', ended: true });
  expect(hintFrom(taskEvent({ group: 'service:prod-shop-main', startedBy: 'ecs-svc/1' }))).toEqual({
    serviceName: 'prod-shop-main',
    ended: true,
  });
  expect(hintFrom(taskEvent({ group: undefined, startedBy: undefined }))).toEqual({ ended: true });
});

test('an image that arrived is named by repository and tag', () => {
  expect(hintFrom(imageEvent())).toEqual({ image: 'team/shop:c0ffee', ended: false });
});

test.each([
  ['was deleted', { 'action-type': 'DELETE' }],
  ['did not arrive', { result: 'FAILURE' }],
  ['has no tag', { 'image-tag': undefined }],
  ['has an empty tag', { 'image-tag': '' }],
  ['has no name', { 'repository-name': undefined }],
])('an image that %s says nothing', (_, more) => {
  expect(hintFrom(imageEvent(more))).toBeUndefined();
});

test('events of anybody else say nothing', () => {
  expect(hintFrom(event('aws.s3', { lastStatus: 'STOPPED' }))).toBeUndefined();
});

test('no event, however strange, is a fault', () => {
  const source = fc.constantFrom('aws.cloudformation', 'aws.ecs', 'aws.ecr', 'aws.s3');
  const keys = fc.constantFrom(
    'stack-id',
    'status-details',
    'client-request-token',
    'lastStatus',
    'group',
    'image-tag',
  );
  fc.assert(
    fc.property(source, fc.dictionary(keys, fc.anything()), (from, detail) => {
      const hint = hintFrom(event(from, detail));
      for (const word of [hint?.token, hint?.stackName, hint?.serviceName, hint?.image])
        expect(['string', 'undefined']).toContain(typeof word);
    }),
  );
});
