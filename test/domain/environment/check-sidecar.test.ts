import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkSidecar } from '../../../functions/domain/environment/check-sidecar.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';
import { fargateKeys, sampleInput } from '../../support/sample-place.ts';

const variable = { name: 'A', database: { databaseName: 'main' } };
const adapter = { name: 'ADAPTER', o5: 'ADAPTER_ENDPOINT' };
const container = (name: string, ...envVars: object[]) => ({ name, imageUrl: 'a:1', envVars });
const routed = { routes: [{ prefix: '/', protocol: 'HTTP' }] };

const found = (runtime: object, cluster: object = {}, databases: object[] = []) =>
  checkSidecar(sampleInput({ application: { databases, runtimes: [sampleRuntime(runtime)] }, cluster })).map(
    ({ keys, message }) => `${keyPath(keys)} ${message}`,
  );

test('a cluster with all that a sidecar needs, and a runtime without one, have nothing found', () => {
  expect(found({ ...routed, subscriptions: [{ name: 'topic' }] })).toEqual([]);
  expect(found({}, { o5Sidecar: undefined, eventBridge: undefined })).toEqual([]);
});

test('a cluster without a sidecar is named, with what needs it', () => {
  expect(found(routed, { o5Sidecar: undefined })).toEqual([
    'runtimes[0] needs the sidecar for routes without bypassIngress: the cluster main has no cluster.aws.o5Sidecar',
  ]);
});

test('a cluster without a bus is named when something is sent, and only then', () => {
  const databases = [{ name: 'main', postgres: { runOutbox: true } }];
  const containers = [container('web', variable, adapter)];
  expect(found({ containers }, { eventBridge: undefined }, databases)).toEqual([
    'runtimes[0] needs the sidecar for the adapter endpoint, the outbox of main, which sends messages: the cluster main has no cluster.aws.eventBridge',
  ]);
  expect(found(routed, { eventBridge: undefined })).toEqual([]);
});

test("a container may not have the sidecar's name beside it", () => {
  expect(found({ ...routed, containers: [container('web'), container('o5_runtime')] })).toEqual([
    'runtimes[0].containers[1].name o5_runtime is the sidecar: give the container another name',
  ]);
  expect(found({ containers: [container('o5_runtime')] })).toEqual([]);
});

test('two databases may not be one to the sidecar', () => {
  const postgres = { runOutbox: true };
  const databases = ['a-b', 'a_b'].map((name) => ({ name, postgres }));
  const envVars = databases.map(({ name }, index) => ({ name: `V${index}`, database: { databaseName: name } }));
  expect(found({ containers: [container('web', ...envVars)] }, {}, databases)).toEqual([
    'runtimes[0] its sidecar would know the databases a-b and a_b both as DB_CREDS_A_B',
  ]);
});

test('two databases that it logs in to by IAM may not be one to it either, nor one of each kind', () => {
  const byIam = { serverGroup: 'aurora' };
  const envVars = ['a-b', 'aB'].map((databaseName, index) => ({ name: `V${index}`, database: { databaseName } }));
  const same = 'runtimes[0] its sidecar would know the databases a-b and aB both as DB_CREDS_A_B';
  const both = (first: object, second: object) =>
    found({ containers: [container('web', ...envVars)] }, {}, [
      { name: 'a-b', postgres: first },
      { name: 'aB', postgres: second },
    ]);
  expect(both(byIam, byIam)).toEqual([same]);
  expect(both(byIam, { runOutbox: true })).toEqual([same]);
  expect(both(byIam, {})).toEqual([]);
});

test('on a bridge a container that calls the sidecar cannot be called by it; another one can, and on Fargate all can', () => {
  const both = { ...routed, containers: [container('web', adapter)] };
  expect(found(both)).toEqual([
    expect.stringMatching(/^runtimes\[0\]\.containers\[0\] uses the adapter endpoint and takes requests .* FARGATE$/),
  ]);
  expect(found({ ...routed, containers: [container('web'), container('sender', adapter)] })).toEqual([]);
  expect(found(both, fargateKeys)).toEqual([]);
});
