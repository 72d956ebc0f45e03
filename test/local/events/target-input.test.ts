import { expect, test } from '@jest/globals';
import { busEventFrom } from '../../../infra/local/events/bus-event.ts';
import { targetInput } from '../../../infra/local/events/target-input.ts';
import { testWorld } from '../test-world.ts';

const RULE = { arn: 'arn:aws:events:eu-central-1:111122223333:rule/hint', ruleName: 'hint' };
const EVENT = busEventFrom(testWorld(), {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail: { taskArn: 'arn:1', containers: [{ exitCode: 1 }], reason: 'said "no"\n', group: { a: 1 } },
});
const transformed = (inputTemplate: string, inputPathsMap: Record<string, string> = {}) =>
  JSON.parse(targetInput(RULE, { inputTransformer: { inputTemplate, inputPathsMap } }, EVENT));

test('without more, a target is sent the event', () => {
  expect(JSON.parse(targetInput(RULE, {}, EVENT))).toEqual(EVENT);
  expect(EVENT.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('a constant, or one part of the event', () => {
  expect(targetInput(RULE, { input: '{"a":1}' }, EVENT)).toBe('{"a":1}');
  expect(targetInput(RULE, { inputPath: '$.detail.containers[0].exitCode' }, EVENT)).toBe('1');
  expect(targetInput(RULE, { inputPath: "$['detail-type']" }, EVENT)).toBe('"ECS Task State Change"');
  expect(targetInput(RULE, { inputPath: '$.detail.missing' }, EVENT)).toBe('null');
});

test('a template takes values outside of quotes and text inside them', () => {
  const paths = { task: '$.detail.taskArn', why: '$.detail.reason', group: '$.detail.group', none: '$.detail.none' };
  expect(
    transformed('{"task":<task>,"group":<group>,"text":"<task> because <why> of <group>","none":<none>}', paths),
  ).toEqual({
    task: 'arn:1',
    group: { a: 1 },
    text: 'arn:1 because said "no"\n of {"a":1}',
    none: '',
  });
});

test('a template knows the rule and the whole event, and leaves other brackets alone', () => {
  expect(
    transformed('{"rule":<aws.events.rule-name>,"arn":"<aws.events.rule-arn>","event":<aws.events.event>,"x":"<b>"}'),
  ).toEqual({
    rule: 'hint',
    arn: RULE.arn,
    event: EVENT,
    x: '<b>',
  });
});
