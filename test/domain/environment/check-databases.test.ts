import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkDatabases } from '../../../functions/domain/environment/check-databases.ts';
import type { KnownDatabase } from '../../../functions/domain/environment/check-input.ts';
import { sampleInput } from '../../support/sample-place.ts';

const standing = (more: Partial<KnownDatabase> = {}): KnownDatabase => ({
  databaseName: 'prod_shop_main',
  environment: 'prod',
  application: 'shop',
  serverGroup: 'default',
  key: 'main',
  ...more,
});

const found = (serverGroup: string, known: KnownDatabase, more: object = {}) =>
  checkDatabases({
    ...sampleInput({ application: { databases: [{ name: 'main', postgres: { serverGroup } }] } }),
    others: [known],
    ...more,
  }).map(({ keys, message }) => `${keyPath(keys)} ${message}`);

test('a database by password is refused on a server group by IAM, with the ways out', () => {
  expect(found('aurora', standing({ byIam: false }))).toEqual([
    'databases[0].postgres.serverGroup main (prod_shop_main) is logged in to with passwords, and the server group aurora with tokens of IAM: one role cannot have both. Use a server group with passwords, or run the strategy destroy-database, which loses what is in the database, and deploy again',
  ]);
});

test('a database by IAM is refused on a server group by password', () => {
  expect(found('default', standing({ byIam: true }))).toEqual([
    expect.stringContaining('is logged in to with tokens of IAM, and the server group default with passwords'),
  ]);
});

test.each<[string, string, KnownDatabase]>([
  ['its kind', 'aurora', standing({ byIam: true, serverGroup: 'aurora' })],
  ['its kind, by password', 'default', standing({ byIam: false })],
  ['nobody who logs in yet', 'aurora', standing()],
  ['another name', 'aurora', standing({ byIam: false, databaseName: 'prod_shop_old' })],
])('a database with %s is not', (_what, serverGroup, known) => {
  expect(found(serverGroup, known)).toEqual([]);
});

test('to take a database away it does not matter how one logs in to it', () => {
  expect(found('aurora', standing({ byIam: false }), { destroys: true })).toEqual([]);
});

test('a database that stands elsewhere is not begun anew on another server', () => {
  expect(found('aurora', standing({ byIam: true, serverGroup: 'other' }), inClusterWith('other'))).toEqual([
    'databases[0].postgres.serverGroup main (prod_shop_main) stands on the server group other, and nobody would take what is in it to aurora: leave it there, or give it another dbNameSuffix to begin with an empty database, or run the strategy destroy-database, which loses what is in it, and deploy again',
  ]);
});

test('a server group that the cluster has no longer may have been given another name', () => {
  expect(found('aurora', standing({ byIam: true, serverGroup: 'other' }))).toEqual([]);
});

const inClusterWith = (serverGroupName: string) => {
  const { cluster } = sampleInput({});
  const [first] = cluster.aws.rdsHosts;
  if (!first) throw new Error('The sample has no server group');
  return {
    cluster: {
      ...cluster,
      aws: { ...cluster.aws, rdsHosts: [...cluster.aws.rdsHosts, { ...first, serverGroupName }] },
    },
  };
};
