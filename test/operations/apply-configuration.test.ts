import { expect, test } from '@jest/globals';
import { readConfiguration } from '../../functions/adapters/yaml/configuration-reader.ts';
import { applyConfiguration } from '../../functions/operations/apply-configuration.ts';
import { memoryConfigurationStore, memoryEventStore } from '../support/memory-stores.ts';
import { awsCluster } from '../support/sample-configuration.ts';

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
const world = () => ({
  configuration: memoryConfigurationStore(),
  events: memoryEventStore(),
  readConfiguration,
  clock,
});
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

test('the same file again changes nothing but the record', async () => {
  const ports = world();
  await apply(ports, combined());
  const before = await ports.configuration.findRepository('1001');
  await apply(ports, combined());
  expect(await ports.configuration.findRepository('1001')).toEqual(before);
});
