import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkMessages } from '../../../functions/domain/environment/check-messages.ts';
import { sampleBuild } from '../../support/sample-build.ts';

const findingsOf = (sample: Parameters<typeof sampleBuild>[0]) =>
  checkMessages(sampleBuild(sample)).map(({ keys, ...finding }) => ({ path: keyPath(keys), ...finding }));
const subscribed = (...subscriptions: readonly object[]) => findingsOf({ runtime: { subscriptions } });

test('names of every form pass', () => {
  expect(
    subscribed(
      { name: 'orders', envName: '*' },
      { name: 'github:push', rawMessage: true },
      { name: '/a.v1.C', rawMessage: false },
      { name: '/a.v1.B' },
      { name: '/a.v1.B/C' },
      { name: 'global/*' },
      { name: 'o5-infra/events', rawMessage: true },
    ),
  ).toEqual([]);
});

test('a name of no form is refused with the nearest that is one', () => {
  expect(subscribed({ name: 'orders' }, { name: 'global/upsrt' })).toEqual([
    expect.objectContaining({ path: 'runtimes[0].subscriptions[1].name', nearest: 'global/upsert' }),
  ]);
});

test('rawMessage is refused where it has no meaning, and so is an environment for a topic of the cluster', () => {
  expect(subscribed({ name: '/a.v1.B', rawMessage: true }, { name: 'o5-infra/events', envName: '*' })).toEqual([
    expect.objectContaining({
      path: 'runtimes[0].subscriptions[0].rawMessage',
      message: expect.stringContaining('leave it out'),
    }),
    expect.objectContaining({
      path: 'runtimes[0].subscriptions[1].envName',
      message: expect.stringContaining('belongs to the cluster'),
    }),
  ]);
});

test('one queue cannot get a topic both with and without its envelope', () => {
  const topic = { name: 'o5-infra/events' };
  expect(subscribed(topic, { ...topic, port: 9, rawMessage: true })).toEqual([]);
  expect(subscribed(topic, { ...topic, rawMessage: false })).toEqual([
    expect.objectContaining({ path: 'runtimes[0].subscriptions[1].rawMessage' }),
  ]);
});

test('targets need a bus, and the bus an ARN that rules can be named after', () => {
  const application = { targets: [{ name: 'orders' }] };
  expect(findingsOf({ application })).toEqual([]);
  expect(findingsOf({ application, cluster: { eventBridge: undefined } })).toEqual([
    expect.objectContaining({ path: 'targets', message: expect.stringContaining('cluster.aws.eventBridge') }),
  ]);
  const eventBusArn = 'arn:aws:events:eu-central-1:000000000000:rule/apps';
  expect(findingsOf({ application, cluster: { eventBridge: { eventBusArn } } })).toEqual([
    expect.objectContaining({ message: expect.stringContaining(eventBusArn) }),
  ]);
});
