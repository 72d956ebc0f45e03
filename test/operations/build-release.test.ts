import { expect, test } from '@jest/globals';
import { readConfiguration } from '../../functions/adapters/yaml/configuration-reader.ts';
import type { Strategy } from '../../functions/domain/plan/strategy.ts';
import type { Request } from '../../functions/domain/request.ts';
import { buildRelease } from '../../functions/operations/build-release.ts';
import { memorySlipway, repository } from '../support/memory-slipway.ts';
import { sampleAnswer, sampleCluster, sampleEnvironment } from '../support/sample-configuration.ts';
import { o5Keys } from '../support/sample-place.ts';
import { tooManyVariables } from '../support/too-many-variables.ts';

const request: Request = {
  id: 'delivery-1',
  kind: 'push',
  repository,
  ref: 'refs/heads/main',
  before: 'c0',
  commit: 'c1',
  actor: 'alice',
};

test('nothing is built for an environment whose cluster stack never answered, and the commit says why', async () => {
  const { ports } = await memorySlipway();
  const { answer: _, ...silent } = sampleCluster();
  await ports.configuration.putCluster(silent);
  const answer = await buildRelease({ ...ports, readConfiguration }, { request, target: { environment: 'prod' } });
  expect(answer).toEqual({ outcome: 'REJECTED', reason: expect.stringContaining('has never answered') });
  const [rejected] = await ports.events.list('request/delivery-1', 1);
  expect(rejected).toMatchObject({ type: 'Rejected', detail: { reason: { code: 'ClusterSilent' } } });
});

const databaseIn = (environment: string, application: string) => ({
  environment,
  application,
  databaseName: 'eu_prod_shop_main',
  key: 'main',
  serverGroup: 'default',
  secretArn: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:a',
  migratorSecretArn: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:b',
});

const withDatabase = JSON.stringify({
  name: 'shop',
  runtimes: [{ name: 'main', containers: [{ name: 'web', image: { name: 'shop' } }] }],
  databases: [{ name: 'main', postgres: {} }],
});

test('a database that stands with passwords is refused on a server by IAM, unless it is to be destroyed', async () => {
  const { ports } = await memorySlipway();
  await ports.configuration.putCluster(sampleCluster(o5Keys));
  const inline = JSON.stringify({
    ...JSON.parse(withDatabase),
    databases: [{ name: 'main', postgres: { serverGroup: 'aurora' } }],
  });
  const build = (strategy: Strategy) =>
    buildRelease(
      { ...ports, readConfiguration },
      {
        request: { id: `by-hand-${strategy}`, kind: 'manual', inline, environment: 'prod', actor: 'alice', strategy },
        target: { environment: 'prod' },
      },
    );
  const known = { ...databaseIn('prod', 'shop'), databaseName: 'prod_shop_main' };
  await ports.databases.put(known);
  expect(await build('full')).toMatchObject({ outcome: 'BUILT' });
  await ports.databases.put({ ...known, login: 'prod_shop_main_1' });
  for (const strategy of ['full', 'recreate-database'] as const)
    expect(await build(strategy)).toMatchObject({
      outcome: 'REJECTED',
      reason: expect.stringContaining('(prod_shop_main) is logged in to with passwords'),
    });
  expect(await build('destroy-database')).toMatchObject({ outcome: 'BUILT' });
});

test('F23: a database whose name another environment of the cluster took is refused, with both named', async () => {
  const { ports } = await memorySlipway();
  await ports.configuration.putEnvironment(sampleEnvironment({ fullName: 'eu-prod' }));
  await ports.configuration.putEnvironment(sampleEnvironment({ fullName: 'eu' }));
  await ports.configuration.putCluster({
    ...sampleCluster(),
    answer: { ...sampleAnswer, environments: ['eu', 'eu-prod'] },
  });
  const build = () =>
    buildRelease(
      { ...ports, readConfiguration },
      {
        request: { id: 'by-hand', kind: 'manual', inline: withDatabase, environment: 'eu-prod', actor: 'alice' },
        target: { environment: 'eu-prod' },
      },
    );
  // Its own, under another key, and what stands in no environment of the cluster: neither is in the way.
  await ports.databases.put({ ...databaseIn('eu-prod', 'shop'), key: 'before' });
  await ports.databases.put(databaseIn('elsewhere', 'other'));
  expect(await build()).toMatchObject({ outcome: 'BUILT' });
  await ports.databases.put(databaseIn('eu', 'prodshop'));
  expect(await build()).toEqual({
    outcome: 'REJECTED',
    reason: expect.stringContaining(
      'main of shop and main of prodshop (eu) would both be the database eu_prod_shop_main',
    ),
  });
});

test('a deprecated key is no reason to refuse, and is said where the release is previewed', async () => {
  const { ports } = await memorySlipway();
  const application = { ...JSON.parse(withDatabase), databases: [{ name: 'main', postgres: { dbName: 'store' } }] };
  const answer = await buildRelease(
    { ...ports, readConfiguration },
    {
      request: {
        id: 'by-hand',
        kind: 'manual',
        inline: JSON.stringify(application),
        environment: 'prod',
        actor: 'alice',
      },
      target: { environment: 'prod' },
    },
  );
  expect(answer).toMatchObject({ outcome: 'BUILT' });
  expect(await ports.documents.find(answer.outcome === 'BUILT' ? answer.draft : '')).toMatchObject({
    built: { databases: [{ databaseName: 'prod_shop_store' }] },
    warnings: [expect.stringMatching(/databases\[0\]\.postgres\.dbName: dbName is deprecated: use dbNameSuffix$/)],
  });
});

test('an application that is larger than a stack takes is refused before anything is accepted', async () => {
  const { ports } = await memorySlipway();
  const { document, vars } = tooManyVariables();
  await ports.configuration.putEnvironment(sampleEnvironment({ vars }));
  const answer = await buildRelease(
    { ...ports, readConfiguration },
    {
      request: { id: 'by-hand', kind: 'manual', inline: JSON.stringify(document), environment: 'prod', actor: 'alice' },
      target: { environment: 'prod' },
    },
  );
  expect(answer).toEqual({ outcome: 'REJECTED', reason: expect.stringContaining('larger than AWS takes') });
});
