import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
} from '../../support/sample-configuration.ts';

const check = (runtime: object, environment: object = {}, cluster: object = {}) =>
  checkApplication({
    application: sampleApplication({ runtimes: [sampleRuntime(runtime)] }),
    environment: sampleEnvironment(environment),
    cluster: sampleCluster(cluster),
  }).map(({ keys, message }) => ({ path: keyPath(keys), message }));

test('a task takes ten containers, the sidecar among them', () => {
  const containers = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}`, imageUrl: 'a:1' }));
  const throughSidecar = { routes: [{ prefix: '/', protocol: 'HTTP' }] };
  const path = 'runtimes[0].containers';
  expect(check({ containers: containers(10) })).toEqual([]);
  expect(check({ containers: containers(11) })).toEqual([{ path, message: expect.stringContaining('are 11:') }]);
  expect(check({ containers: containers(10), ...throughSidecar }, {}, { o5Sidecar: { imageVersion: 'v1' } })).toEqual([
    { path, message: expect.stringContaining('are 11 with the sidecar') },
  ]);
});

test('a role takes twenty policies, however often they are named', () => {
  const names = Array.from({ length: 21 }, (_, index) => `p${index}`);
  const iamPolicies = names.map((name) => ({ name, policyArn: `arn:aws:iam::aws:policy/${name}` }));
  const found = (namedEnvPolicies: readonly string[]) =>
    check({ namedEnvPolicies }, { aws: { hostHeader: 'prod.example', iamPolicies } });
  expect(found([...names.slice(1), 'p1'])).toEqual([]);
  expect(found(names)).toEqual([
    { path: 'runtimes[0].namedEnvPolicies', message: expect.stringContaining('more than 20') },
  ]);
});
