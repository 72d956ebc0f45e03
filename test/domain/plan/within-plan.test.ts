import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceChange } from '../../../functions/domain/plan/plan.ts';
import { outsidePlan } from '../../../functions/domain/plan/within-plan.ts';
import { change } from './findings.ts';

const planned = [
  change('New', 'AWS::SQS::Queue', { action: 'Add' }),
  change('Queue', 'AWS::SQS::Queue', { properties: ['VisibilityTimeout'] }),
  change('Task', 'AWS::ECS::TaskDefinition', { replacement: 'True', properties: ['ContainerDefinitions'] }),
  change('Maybe', 'AWS::SQS::Queue', { replacement: 'Conditional', properties: ['QueueName'] }),
  change('Old', 'AWS::SNS::Topic', { action: 'Remove' }),
  change('Service', 'AWS::ECS::Service', { properties: ['TaskDefinition'] }),
];

const outside = (own: ResourceChange) => outsidePlan(planned, [own]);

test('the plan itself, and any part of it, stays within the plan', () => {
  fc.assert(fc.property(fc.subarray(planned), (own) => expect(outsidePlan(planned, own)).toEqual([])));
});

test('what an earlier step added, a later one may complete', () => {
  expect(outside(change('New', 'AWS::SQS::Queue', { properties: ['Tags'] }))).toEqual([]);
  expect(outside(change('New', 'AWS::SQS::Queue', { replacement: 'True' }))).toEqual([
    'replacement of New (AWS::SQS::Queue), which the plan only changes',
  ]);
});

test('desired counts may move on any service', () => {
  expect(outside(change('Other', 'AWS::ECS::Service', { properties: ['DesiredCount'] }))).toEqual([]);
  expect(outside(change('Service', 'AWS::ECS::Service', { properties: ['DesiredCount', 'TaskDefinition'] }))).toEqual(
    [],
  );
});

test.each([
  [
    change('Stranger', 'AWS::SQS::Queue', { action: 'Add' }),
    'Add of Stranger (AWS::SQS::Queue), which the plan does not change',
  ],
  [
    change('Queue', 'AWS::SQS::Queue', { action: 'Remove' }),
    'Remove of Queue (AWS::SQS::Queue), where the plan has Modify',
  ],
  [change('Old', 'AWS::SNS::Topic'), 'Modify of Old (AWS::SNS::Topic), where the plan has Remove'],
  [
    change('Queue', 'AWS::SQS::Queue', { replacement: 'Conditional', properties: ['VisibilityTimeout'] }),
    'replacement of Queue (AWS::SQS::Queue), which the plan only changes',
  ],
  [
    change('Maybe', 'AWS::SQS::Queue', { replacement: 'True', properties: ['QueueName'] }),
    'replacement of Maybe (AWS::SQS::Queue), which the plan only changes',
  ],
  [
    change('Queue', 'AWS::SQS::Queue', { properties: ['KmsMasterKeyId', 'VisibilityTimeout'] }),
    'KmsMasterKeyId of Queue (AWS::SQS::Queue), which the plan leaves alone',
  ],
  [change('Queue', 'AWS::SNS::Topic'), 'Queue (AWS::SNS::Topic), which the plan knows as AWS::SQS::Queue'],
])('anything else is named: %#', (own, phrase) => {
  expect(outside(own)).toEqual([phrase]);
});
