import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkLaunch } from '../../../functions/domain/environment/check-launch.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';
import { fargateKeys, sampleInput } from '../../support/sample-place.ts';

const container = (name: string, more: object = {}) => ({ name, imageUrl: 'a:1', ...more });
const adapter = { envVars: [{ name: 'ADAPTER', o5: 'ADAPTER_ENDPOINT' }] };

const found = (runtime: object, place: object = {}, cluster: object = fargateKeys) =>
  checkLaunch(sampleInput({ application: { runtimes: [sampleRuntime(runtime)] }, cluster, ...place })).map(
    ({ keys, message }) => `${keyPath(keys)} ${message}`,
  );

test('an application that Fargate can run has nothing found', () => {
  expect(found({ routes: [{ prefix: '/', protocol: 'HTTP' }] })).toEqual([]);
});

test('a cluster on Fargate without subnets is named', () => {
  const ecsCluster = { ...fargateKeys.ecsCluster, subnetIds: [] };
  expect(found({}, {}, { ecsCluster })).toEqual([
    '(top) the cluster main has launchType FARGATE and no cluster.aws.ecsCluster.subnetIds',
  ]);
});

test("O15: Docker's socket is refused on Fargate and not on instances", () => {
  const docker = { containers: [container('web', { mountDockerSocket: true })] };
  expect(found(docker)).toEqual([
    expect.stringMatching(/^runtimes\[0\]\.containers\[0\]\.mountDockerSocket .* launchType EC2$/),
  ]);
  expect(found(docker, {}, {})).toEqual([]);
});

test('two containers of a task cannot have one port, the sidecar included', () => {
  const route = { protocol: 'HTTP', bypassIngress: true };
  const routes = [
    { ...route, prefix: '/a' },
    { ...route, prefix: '/b', targetContainer: 'side' },
  ];
  expect(found({ containers: [container('web'), container('side')], routes })).toEqual([
    expect.stringContaining('runtimes[0] side and web would both listen on port 8080'),
  ]);
  expect(found({ containers: [container('web', adapter)], routes: [{ ...route, prefix: '/', port: 8081 }] })).toEqual([
    expect.stringContaining('runtimes[0] o5_runtime and web would both listen on port 8081'),
  ]);
  expect(found({ containers: [container('web', adapter)], routes: [{ prefix: '/', protocol: 'HTTP' }] })).toEqual([]);
});

test('what is larger than the largest task is refused', () => {
  const environment = { sizes: { heavy: { cpu: 16_384, memory: 2048 } } };
  const heavy = { demand: 'HEAVY' };
  expect(found({ containers: [container('web', heavy), container('side')] }, { environment })).toEqual([
    expect.stringContaining('runtimes[0] needs 16512 CPU units and 2304 MiB'),
  ]);
});
