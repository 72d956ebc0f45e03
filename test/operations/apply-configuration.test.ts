import { expect, test } from '@jest/globals';
import { readConfiguration } from '../../functions/adapters/yaml/configuration-reader.ts';
import type { ClusterCheck } from '../../functions/domain/environment/cluster-check.ts';
import { acceptedKey } from '../../functions/domain/lost-push.ts';
import { applyConfiguration } from '../../functions/operations/apply-configuration.ts';
import type { BranchReader } from '../../functions/ports.ts';
import { memoryConfigurationStore, memoryEventStore, memoryTargetStore } from '../support/memory-stores.ts';
import { awsCluster, sampleAnswer } from '../support/sample-configuration.ts';

const clock = { now: () => new Date('2026-08-01T10:00:00Z'), sleep: async () => undefined };
const combined = (more: object = {}) => ({
  cluster: { name: 'main', aws: awsCluster },
  environments: [
    { fullName: 'prod', aws: { hostHeader: 'prod.example' } },
    { fullName: 'dev', fixForward: true },
  ],
  repositories: [
    {
      owner: 'acme',
      name: 'shop',
      id: '1001',
      installationId: '7',
      targets: [{ branch: 'main', environment: 'prod' }],
    },
  ],
  ...more,
});
const heads: Record<string, string> = { 'refs/heads/main': 'c1', 'refs/heads/side': 'c2' };
const branches = (): BranchReader => ({ list: async () => ({ heads, complete: true }) });
const world = () => ({
  configuration: memoryConfigurationStore(),
  events: memoryEventStore(),
  targets: memoryTargetStore(),
  branches: branches(),
  log: { info: () => {}, error: () => {}, count: () => {}, measure: () => {} },
  readConfiguration,
  askCluster: async (): Promise<ClusterCheck> => ({ kind: 'answered', answer: sampleAnswer }),
  clock,
});
const standing = ({ targets }: ReturnType<typeof world>, environment: string, ref = 'refs/heads/main') =>
  targets.findAccepted(acceptedKey({ repositoryId: '1001', ref, environment }));
const withTargets = (...targets: readonly object[]) => {
  const { repositories } = combined();
  return combined({ repositories: repositories.map((each) => ({ ...each, targets })) });
};
const apply = (ports: ReturnType<typeof world>, document: object) =>
  applyConfiguration(ports, { file: { path: 'slipway.yaml', text: JSON.stringify(document) }, actor: 'alice' });

test('cluster, environments and repositories of a file are stored, and who did it is on record', async () => {
  const ports = world();
  expect((await apply(ports, combined())).kind).toBe('read');
  const { configuration, events } = ports;
  expect((await configuration.listEnvironments()).map(({ fullName, clusterName }) => [fullName, clusterName])).toEqual([
    ['dev', 'main'],
    ['prod', 'main'],
  ]);
  expect(await configuration.findCluster('main')).toMatchObject({ name: 'main', aws: { vpcId: 'vpc-1' } });
  expect(await configuration.findRepositoryByName('acme', 'shop')).toMatchObject({
    id: '1001',
    installationId: '7',
    targets: [{ ref: 'refs/heads/main', environment: 'prod' }],
  });
  expect(await events.list('configuration', 5)).toEqual([
    {
      subject: 'configuration',
      at: '2026-08-01T10:00:00.000Z',
      type: 'ConfigurationApplied',
      actor: 'alice',
      detail: { cluster: 'main', environments: ['prod', 'dev'], repositories: ['acme/shop'] },
    },
  ]);
});

test('a file that is wrong anywhere stores nothing, and every fault is told', async () => {
  const ports = world();
  const read = await apply(
    ports,
    combined({
      environments: [{ fullName: 'prod', colour: 'red' }, { fullName: 5 }],
      repositories: [{ owner: 'acme' }],
    }),
  );
  expect(read.kind).toBe('invalid');
  const places = read.kind === 'invalid' ? read.errors.map(({ keyPath }) => keyPath) : [];
  expect(places).toEqual(expect.arrayContaining(['environments[0].colour', 'environments[1].fullName']));
  expect(places.some((place) => place.startsWith('repositories[0]'))).toBe(true);
  expect(await ports.configuration.findCluster('main')).toBeUndefined();
  expect(await ports.configuration.listEnvironments()).toEqual([]);
  expect(await ports.events.list('configuration', 5)).toEqual([]);
});

test('a cluster that does not answer what the file says refuses the whole file, each difference at its line', async () => {
  const ports = world();
  const remedy = 'Write what the outputs say';
  const differences = [{ keyPath: 'cluster.aws.boundaryArn', configured: 'a', found: 'b' }];
  ports.askCluster = async () => ({ kind: 'different', differences, remedy });
  const different = await apply(ports, combined());
  expect(different).toMatchObject({
    kind: 'invalid',
    errors: [{ path: 'slipway.yaml', keyPath: 'cluster.aws.boundaryArn', message: expect.stringContaining('has b') }],
  });
  ports.askCluster = async () => ({ kind: 'silent', message: 'There is no stack', remedy: 'Deploy it' });
  expect(await apply(ports, combined())).toMatchObject({ kind: 'invalid', errors: [{ keyPath: 'cluster' }] });
  expect(await ports.configuration.findCluster('main')).toBeUndefined();
  expect(await ports.configuration.listEnvironments()).toEqual([]);
});

test('what the cluster answered is kept with it, and holds for environments that come in files of their own', async () => {
  const ports = world();
  await apply(ports, combined());
  expect(await ports.configuration.findCluster('main')).toMatchObject({ answer: sampleAnswer });
  const alone = (fullName: string) =>
    apply(ports, { environments: [{ fullName, clusterName: 'main' }], repositories: [] });
  expect((await alone('dev')).kind).toBe('read');
  expect(await alone('deu')).toMatchObject({
    kind: 'invalid',
    errors: [{ keyPath: 'environments[0].fullName', nearest: 'dev' }],
  });
});

test('O4: a cluster, its environments and its repositories applied one by one leave what one file of them leaves', async () => {
  const whole = world();
  expect((await apply(whole, combined())).kind).toBe('read');
  const apart = world();
  const { cluster, environments, repositories } = combined();
  const files = [
    { cluster },
    ...environments.map((each) => ({ environments: [{ ...each, clusterName: 'main' }] })),
    { repositories },
  ];
  for (const file of files) expect((await apply(apart, file)).kind).toBe('read');
  const stored = async ({ configuration }: ReturnType<typeof world>) => ({
    cluster: await configuration.findCluster('main'),
    environments: await configuration.listEnvironments(),
    repositories: await configuration.listRepositories(),
  });
  expect(await stored(apart)).toEqual(await stored(whole));
  expect((await stored(whole)).environments).toHaveLength(2);
});

test('the same file again changes nothing but the record', async () => {
  const ports = world();
  await apply(ports, combined());
  const before = await ports.configuration.findRepository('1001');
  await apply(ports, combined());
  expect(await ports.configuration.findRepository('1001')).toEqual(before);
});

test('where a branch stands when it gets a target is noted, so that it deploys from its next push on', async () => {
  const ports = world();
  await apply(ports, combined());
  expect(await standing(ports, 'prod')).toEqual({
    commit: 'c1',
    application: '',
    n: 0,
    at: '2026-08-01T10:00:00.000Z',
  });
  expect(await standing(ports, 'prod', 'refs/heads/side')).toBeUndefined();
});

test('a branch that had its target before keeps what was accepted of it', async () => {
  const ports = world();
  await apply(ports, combined());
  heads['refs/heads/main'] = 'c3';
  await apply(
    ports,
    withTargets({ branch: ['main', 'story/*'], environment: 'prod' }, { branch: 'main', environment: 'dev' }),
  );
  heads['refs/heads/main'] = 'c1';
  expect(await standing(ports, 'prod')).toMatchObject({ commit: 'c1' });
  expect(await standing(ports, 'dev')).toMatchObject({ commit: 'c3' });
});

test('GitHub that does not answer is no reason to refuse a configuration: it is asked later about the same change', async () => {
  const ports = world();
  ports.branches.list = () => Promise.reject(new Error('503'));
  expect((await apply(ports, combined())).kind).toBe('read');
  const headsUnknown = { since: '2026-08-01T10:00:00.000Z', before: [] };
  expect(await ports.configuration.findRepository('1001')).toMatchObject({ headsUnknown });
  await apply(ports, withTargets({ branch: 'side', environment: 'prod' }));
  expect(await ports.configuration.findRepository('1001')).toMatchObject({ headsUnknown });
  ports.branches = branches();
  await apply(ports, withTargets({ branch: 'side', environment: 'prod' }));
  expect(await ports.configuration.findRepository('1001')).not.toHaveProperty('headsUnknown');
  expect(await standing(ports, 'prod', 'refs/heads/side')).toMatchObject({ commit: 'c2' });
});

test('targets that did not change, and tags, ask nothing of GitHub', async () => {
  const ports = world();
  await apply(ports, combined());
  ports.branches.list = () => Promise.reject(new Error('nobody should ask'));
  await apply(ports, combined());
  await apply(ports, withTargets({ tag: 'v*', environment: 'prod' }));
  expect(await ports.configuration.findRepository('1001')).not.toHaveProperty('headsUnknown');
});
