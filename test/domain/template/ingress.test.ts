import { expect, test } from '@jest/globals';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { pinImages } from '../../../functions/domain/template/pin-images.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';
import { sampleInput } from '../../support/sample-place.ts';

const route = (more: object) => ({ protocol: 'HTTP', ...more });
const withRoutes = (routes: object[], more: object = {}, cluster: object = {}) =>
  buildTemplate(sampleInput({ application: { runtimes: [sampleRuntime({ routes, ...more })] }, cluster }));
const targetsOf = ({ template }: ReturnType<typeof withRoutes>) =>
  template.Resources['ECSServiceMain']?.Properties?.['LoadBalancers'] as Record<string, unknown>[];
const places = (built: ReturnType<typeof withRoutes>) =>
  targetsOf(built).map(({ ContainerName, ContainerPort }) => `${ContainerName}:${ContainerPort}`);

test('O39: routes lead to the sidecar, one group for each protocol, and those that bypass it to their container', () => {
  const built = withRoutes([
    route({ prefix: '/a/' }),
    route({ prefix: '/b/', port: 9000 }),
    route({ prefix: '/c/', protocol: 'GRPC' }),
    route({ prefix: '/d/', bypassIngress: true, port: 8081 }),
  ]);
  expect(places(built)).toEqual(['o5_runtime:8888', 'o5_runtime:8888', 'web:8081']);
  const groups = Object.values(built.template.Resources).filter(({ Type }) => Type.endsWith('TargetGroup'));
  expect(groups.map(({ Properties }) => [Properties?.['Port'], Properties?.['ProtocolVersion']])).toEqual(
    expect.arrayContaining([
      [8888, 'HTTP1'],
      [8888, 'GRPC'],
      [8081, 'HTTP1'],
    ]),
  );
});

test('direct ingress of a runtime is as if every route said so', () => {
  const routes = [route({ prefix: '/a/' }), route({ prefix: '/b/', port: 9000 })];
  const said = withRoutes(routes.map((one) => ({ ...one, bypassIngress: true })));
  expect(JSON.stringify(withRoutes(routes, { directIngress: true }))).toBe(JSON.stringify(said));
});

test("O44: the sidecar's image is waited for and pinned like every other, and changes with the cluster's", () => {
  const routes = [route({ prefix: '/a/' })];
  const built = withRoutes(routes);
  expect(built.images).toEqual(['registry.example/sidecar:v7', 'registry.example/team/shop:c0ffee']);
  const digest = `sha256:${'a'.repeat(64)}`;
  const pinned = pinImages(built, Object.fromEntries(built.images.map((image) => [image, digest])));
  expect(JSON.stringify(pinned.template)).toContain(`"Image":"registry.example/sidecar:v7@${digest}"`);
  const other = withRoutes(routes, {}, { o5Sidecar: { imageVersion: 'v8', imageRepo: 'registry.example/sidecar' } });
  const changed = Object.keys(built.template.Resources).filter(
    (id) => JSON.stringify(built.template.Resources[id]) !== JSON.stringify(other.template.Resources[id]),
  );
  expect(changed).toEqual(['ECSTaskDefinitionMain']);
});

test('F14: like routes to other subdomains, runtimes and ports are all kept under ids of their own', () => {
  const runtime = (name: string, routes: object[]) => sampleRuntime({ name, routes });
  const { template } = buildTemplate(
    sampleInput({
      application: {
        runtimes: [
          runtime('one', [
            route({ prefix: '/', bypassIngress: true }),
            route({ prefix: '/', subdomains: ['a'], bypassIngress: true, port: 81 }),
          ]),
          runtime('two', [route({ prefix: '/', subdomains: ['b'], bypassIngress: true }), route({ prefix: '/x' })]),
        ],
      },
    }),
  );
  const count = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type.endsWith(type)).length;
  expect([count('::ListenerRule'), count('::TargetGroup')]).toEqual([4, 4]);
});
