import { describe, expect, test } from '@jest/globals';
import { databaseServer } from '../../functions/operations/database-server.ts';
import { runStep } from '../../functions/operations/run-step.ts';
import type { SqlAnswer, SqlConnection } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { awsCluster, sampleCluster } from '../support/sample-configuration.ts';

const [byPassword, byIam] = awsCluster.rdsHosts;

const rows: SqlAnswer = { kind: 'rows', results: [[]] };
const refused = (code: string, message: string, statement = -1): SqlAnswer => ({
  kind: 'failed',
  statement,
  code,
  message,
});

/** A server of the cluster, what its function is asked, and what is read of secrets. */
const world = (host: object = {}, answer: SqlAnswer = rows) => {
  const asked: SqlConnection[] = [];
  const read: string[] = [];
  const aws = {
    secrets: {
      read: async (id: string) => {
        read.push(id);
        return JSON.stringify({ dbuser: 'root', dbpass: 'word', dbhost: 'plain.example', dbname: 'postgres' });
      },
    },
    sql: {
      run: async (connection: SqlConnection) => {
        asked.push(connection);
        return answer;
      },
    },
  } as unknown as Parameters<typeof databaseServer>[1];
  const cluster = sampleCluster({ rdsHosts: [byPassword, { ...byIam, ...host }] });
  return { asked, read, server: (group = 'aurora') => databaseServer(cluster, aws, group) };
};

describe('an administrator by IAM', () => {
  test('comes without a password to the endpoint of the group, and no secret is read', async () => {
    const { asked, read, server } = world();
    await (await server()).run([{ text: 'SELECT 1' }]);
    await (await server()).run([{ text: 'SELECT 1' }], 'prod_shop_main');
    const login = { host: 'aurora.example', port: 5432, user: 'admin', tls: true };
    expect(asked).toEqual([
      { ...login, database: 'admin' },
      { ...login, database: 'prod_shop_main' },
    ]);
    expect(read).toEqual([]);
  });

  test('has a port and a database of his own where the group names them, and no TLS on this machine', async () => {
    const auth = { iam: { dbUser: 'admin', dbName: 'postgres' } };
    const { asked, server } = world({ auth, port: 6432, endpoint: '127.0.0.1' });
    const there = await server();
    await there.run([{ text: 'SELECT 1' }]);
    expect(asked).toEqual([{ host: '127.0.0.1', port: 6432, user: 'admin', database: 'postgres', tls: false }]);
    expect(there.login).toEqual({ host: '127.0.0.1', port: 6432, tls: false });
  });

  test('has nowhere to go without an endpoint: cluster and group are named', async () => {
    const { server } = world({ endpoint: undefined });
    await expect(server()).rejects.toMatchObject({
      name: 'DatabaseServerUnknown',
      message: 'Server group aurora of cluster main is logged in to by IAM and has no endpoint',
      reason: { left: 'Nothing was changed', remedy: expect.stringContaining('rdsHosts[].endpoint') },
    });
  });

  test.each([
    ['28000', 'PAM authentication failed for user "admin"'],
    ['28P01', 'password authentication failed for user "admin"'],
  ])(
    'whose token is refused (%s) is tried again, and what is left in the end says what he needs',
    async (code, message) => {
      const slipway = await memorySlipway();
      const input = await claimedDeployment(slipway);
      const { server } = world({}, refused(code, message));
      const step = runStep(slipway.ports, input, 'PGUpsert', async () => {
        await (await server()).run([{ text: 'SELECT 1' }]);
        return { answer: {} };
      });
      await expect(step).rejects.toMatchObject({ name: 'Unavailable' });
      const deployment = await slipway.ports.deployments.find(input.deploymentId);
      expect(deployment?.steps['PGUpsert']?.reason).toMatchObject({
        code: 'Unavailable',
        message: `PostgreSQL at aurora.example:5432 does not let admin in by IAM: ${message}`,
        remedy: expect.stringMatching(/admin exists there and is a member of rds_iam.*databaseAdmins/),
      });
    },
  );

  test('is refused a statement like any other', async () => {
    const { server } = world({}, refused('42501', 'permission denied to grant role "rds_iam"', 0));
    await expect((await server()).run([{ text: 'GRANT' }])).rejects.toMatchObject({
      name: 'DatabaseRefused',
      message: expect.stringContaining('permission denied to grant role "rds_iam"'),
    });
  });
});

test('an administrator by password comes with what his secret says, and a refusal of it is a server out of reach', async () => {
  const { asked, read, server } = world({}, refused('28P01', 'password authentication failed'));
  await expect((await server('default')).run([{ text: 'SELECT 1' }])).rejects.toMatchObject({
    name: 'Unavailable',
    message: 'PostgreSQL at plain.example:5432 cannot be reached: password authentication failed',
  });
  expect(asked).toEqual([
    { host: 'plain.example', port: 5432, user: 'root', password: 'word', database: 'postgres', tls: true },
  ]);
  expect(read).toEqual(['/main/postgres']);
});

test('a group that the cluster does not have is named', async () => {
  await expect(world().server('none')).rejects.toMatchObject({
    name: 'DatabaseServerUnknown',
    message: 'Cluster main has no server group none with a secret',
  });
});
