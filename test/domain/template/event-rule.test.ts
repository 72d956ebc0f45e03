import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { eventRules } from '../../../functions/domain/template/event-rule.ts';
import { logicalIds } from '../../../functions/domain/template/names.ts';
import { sampleBuild, sampleRuntimeBuild, withLinks } from '../../support/sample-build.ts';

const links = withLinks({ partner: 'eu-partner', mirror: 'eu-partner', self: 'prod' });
const rulesOf = (subscriptions: readonly object[], more: object = {}) => {
  const { runtime, build } = sampleRuntimeBuild({ runtime: { subscriptions }, environment: links, ...more });
  return eventRules(runtime, build);
};
const sources = (subscriptions: readonly object[]) =>
  rulesOf(subscriptions).map(({ id, resources }) => [id, resources[id]?.Properties?.['EventPattern']]);

test('F14: the own environment, a linked one and every one have a rule each, though they ask for the same', () => {
  const name = 'orders';
  const destinationTopic = ['orders'];
  expect(sources([{ name, envName: '*' }, { name }, { name, envName: 'partner' }])).toEqual([
    ['EventsRuleMainAll', { detail: { destinationTopic } }],
    ['EventsRuleMainLinkMirror', { detail: { sourceEnv: [{ Ref: 'LinkMirrorFullName' }], destinationTopic } }],
    ['EventsRuleMainOwn', { detail: { sourceEnv: [{ Ref: 'EnvName' }], destinationTopic } }],
  ]);
});

test('two links to one environment are one source, and a link to the environment itself is its own', () => {
  expect(
    sources([
      { name: 'a', envName: 'partner' },
      { name: 'b', envName: 'mirror' },
      { name: 'c', envName: 'self' },
      { name: 'd' },
    ]),
  ).toEqual([
    [
      'EventsRuleMainLinkMirror',
      { detail: { sourceEnv: [{ Ref: 'LinkMirrorFullName' }], destinationTopic: ['a', 'b'] } },
    ],
    ['EventsRuleMainOwn', { detail: { sourceEnv: [{ Ref: 'EnvName' }], destinationTopic: ['c', 'd'] } }],
  ]);
});

test('a rule stands on the bus of the cluster under a name of its own, and sends to the queue of the runtime', () => {
  const [rule] = rulesOf([{ name: '/shop.v1.OrderTopic' }]);
  expect(rule?.arn).toBe('arn:aws:events:eu-central-1:000000000000:rule/apps/prod-shop-main-Own');
  expect(rule?.resources['EventsRuleMainOwn']).toEqual({
    Type: 'AWS::Events::Rule',
    DependsOn: 'SQSQueuePolicyMain',
    Properties: {
      Name: 'prod-shop-main-Own',
      Description: 'Messages of prod for prod-shop main',
      EventBusName: { Ref: 'EventBusARN' },
      EventPattern: {
        detail: {
          sourceEnv: [{ Ref: 'EnvName' }],
          grpcService: ['shop.v1.OrderTopic'],
          // Answers go to whoever asked.
          reply: { replyTo: [{ exists: false }, { 'Fn::Sub': '${EnvName}/shop' }] },
        },
      },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['SQSQueueMain', 'Arn'] } }],
    },
  });
});

test('rules of the default bus are called without its name', () => {
  const eventBusArn = 'arn:aws:events:eu-central-1:000000000000:event-bus/default';
  const [rule] = rulesOf([{ name: 'a' }], { cluster: { eventBridge: { eventBusArn } } });
  expect(rule?.arn).toBe('arn:aws:events:eu-central-1:000000000000:rule/prod-shop-main-Own');
});

test('the name of a linked environment arrives in its parameter, and is not declared where nobody subscribes', () => {
  const parametersOf = (subscriptions: readonly object[]) =>
    buildTemplate(sampleBuild({ runtime: { subscriptions }, environment: links })).parameters;
  expect(parametersOf([{ name: 'a', envName: 'partner' }])).toContainEqual({
    kind: 'value',
    name: 'LinkMirrorFullName',
    value: 'eu-partner',
  });
  expect(JSON.stringify(parametersOf([{ name: 'a' }]))).not.toContain('FullName');
});

test('ids stay within what CloudFormation takes, however long the name of a link is', () => {
  const lookupName = 'l'.repeat(255);
  const subscriptions = [{ name: 'a', envName: lookupName }];
  const [rule] = rulesOf(subscriptions, { environment: withLinks({ [lookupName]: 'far' }) });
  expect(rule?.id).toMatch(/^[A-Za-z0-9]{1,255}$/);
});

test('topics of SNS have no rule', () => {
  expect(rulesOf([{ name: 'o5-infra/events' }])).toEqual([]);
});

test('more than one pattern can hold takes several rules, whose names EventBridge takes', () => {
  const subscriptions = Array.from({ length: 30 }, (_, index) => ({ name: `${'x'.repeat(150)}${index}` }));
  const rules = rulesOf(subscriptions, { environment: { ...links, fullName: `e${'n'.repeat(60)}` } });
  expect(rules.map(({ id }) => id)).toEqual(['EventsRuleMainOwn', 'EventsRuleMainP2Own', 'EventsRuleMainP3Own']);
  const names = rules.map(({ id, resources }) => String(resources[id]?.Properties?.['Name']));
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[\w.-]{1,64}$/);
});

test('what the environment or the cluster does not have is no rule, even without a check', () => {
  expect(() => rulesOf([{ name: 'a', envName: 'nowhere' }])).toThrow('no environment link nowhere');
  expect(() => rulesOf([{ name: 'a/b/c' }])).toThrow('no form of a subscription');
  expect(() => rulesOf([{ name: 'a' }], { cluster: { eventBridge: undefined } })).toThrow('no event bus');
});

test('rules of different runtimes, sources and parts never share an id', () => {
  const runtime = fc.constantFrom('a', 'a2', 'ap', 'ap2', 'aown', 'p2own', 'alinka');
  const source = fc.constantFrom('Own', 'All', 'LinkA', 'LinkA2', 'LinkP2', 'LinkOwn', 'LinkAP2Own');
  const parts = fc.tuple(runtime, source, fc.integer({ min: 1, max: 3 }));
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(logicalIds.eventRule(...one) === logicalIds.eventRule(...other)).toBe(String(one) === String(other));
    }),
    { numRuns: 2000 },
  );
});
