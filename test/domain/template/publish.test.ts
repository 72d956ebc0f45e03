import { expect, test } from '@jest/globals';
import { publishStatements } from '../../../functions/domain/template/publish.ts';
import { sampleRuntimeBuild } from '../../support/sample-build.ts';

const statementsOf = (sample: Parameters<typeof sampleRuntimeBuild>[0]) => {
  const { runtime, build } = sampleRuntimeBuild(sample);
  return publishStatements(runtime, build);
};
const publish = [
  {
    policy: 'eventbridge-publish',
    actions: ['events:PutEvents'],
    resources: [{ Ref: 'EventBusARN' }],
    condition: {
      'ForAllValues:StringEquals': { 'events:source': [{ 'Fn::Sub': 'o5/${EnvName}/shop' }] },
      StringEquals: { 'events:detail-type': 'o5-message/v1' },
    },
  },
];

test('O38: who declares targets may publish messages to the bus, in the name of its application alone', () => {
  expect(statementsOf({ application: { targets: [{ name: 'orders' }] } })).toEqual(publish);
});

test('whose sidecar sends by itself may too: answers, dead letters and monitoring', () => {
  expect(statementsOf({ runtime: { subscriptions: [{ name: 'a' }] } })).toEqual(publish);
  const envVars = [{ name: 'ADAPTER', o5: 'ADAPTER_ENDPOINT' }];
  expect(statementsOf({ runtime: { containers: [{ name: 'web', imageUrl: 'a:1', envVars }] } })).toEqual(publish);
});

test('a cluster without a bus gives nobody a right to nothing, even without a check', () => {
  const application = { targets: [{ name: 'orders' }] };
  expect(() => statementsOf({ application, cluster: { eventBridge: undefined } })).toThrow('has no event bus');
});

test('everybody else may not, a sidecar that only takes requests included', () => {
  expect(statementsOf({})).toEqual([]);
  expect(statementsOf({ runtime: { routes: [{ prefix: '/', protocol: 'HTTP' }] } })).toEqual([]);
});
