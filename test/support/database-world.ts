import { runSql } from '../../functions/adapters/postgres/sql-function.ts';
import type { Strategy } from '../../functions/domain/plan/strategy.ts';
import { pgUpsert } from '../../functions/operations/pg-upsert.ts';
import type { StepInput } from '../../functions/operations/step-context.ts';
import type { ClusterPorts, Ports, SqlConnection, SqlRunner } from '../../functions/ports.ts';
import type { AdminServer } from '../domain/database/plain-admin.ts';
import { aRelease, type MemoryPorts, memorySlipway, storeRelease } from './memory-slipway.ts';
import { aDeployment, identity, someTime } from './records.ts';
import { sampleCluster } from './sample-configuration.ts';

type WorldPorts = MemoryPorts & Pick<Ports, 'password' | 'parseSql'>;

export interface DatabaseWorld {
  readonly ports: WorldPorts;
  readonly input: StepInput;
  /** Values of secrets by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The login that a secret of the database holds. */
  login(secret?: 'own' | 'migrate'): { readonly user: string; readonly password: string } | undefined;
  /** Another deployment that has claimed the stack, of the same release or of another one. */
  claim(strategy: Strategy, release?: string): Promise<StepInput>;
  /** The same world, whose functions are killed before their n-th effect: a statement, or a write anywhere. */
  dyingAfter(effects: number): WorldPorts;
}

export class Killed extends Error {}

/** The stores in memory, one real database server, and one database on it that PGUpsert has made, or is to make. */
export const databaseWorld = async (
  server: AdminServer,
  databaseName: string,
  { made = true, iam = false } = {},
): Promise<DatabaseWorld> => {
  const secrets = new Map([
    [
      '/main/postgres',
      JSON.stringify({ dbuser: 'plain_admin', dbpass: server.password, dbhost: '127.0.0.1', dbport: server.port }),
    ],
  ]);
  const written = new Map<string, string>();
  const slipway = await memorySlipway();
  if (iam) await slipway.ports.configuration.putCluster(loggedInToByIam(server));
  const cluster = await slipway.ports.configuration.findCluster('main');
  const release = { ...aRelease(1), hash: databaseName };
  const [main] = release.databases;
  if (!cluster || !main) throw new Error('the sample has a cluster, and the release a database');
  await storeRelease(slipway.ports, { ...release, databases: [{ ...main, databaseName, ...(iam && { iam }) }] });
  let passwords = 0;
  // A password stands for the token that the function signs: who is let in by what is the server's to say.
  const sql: SqlRunner = {
    run: ({ password = server.password, ...connection }, statements) =>
      isAdmin(server, connection, password)
        ? server.ask(statements)
        : runSql({ connection: { ...connection, password }, statements: [...statements] }),
  };
  const aws: ClusterPorts = {
    ...slipway.ports.inCluster(cluster),
    sql,
    secrets: {
      find: async (name) => name,
      getOrCreate: async (name) => name,
      read: async (id) => secrets.get(id),
      // As Secrets Manager does: a token that was used before moves nothing, and refuses another value.
      write: async (id, value, token) => {
        const known = written.get(`${id} ${token}`);
        if (known !== undefined && known !== value) throw new Error(`token ${token} bears another value`);
        if (known === undefined) secrets.set(id, value);
        written.set(`${id} ${token}`, value);
      },
    },
  };
  const ports: WorldPorts = {
    ...slipway.ports,
    inCluster: () => aws,
    password: () => `password-${++passwords}`,
    parseSql: async () => ({ kind: 'parsed', statements: [] }),
  };
  let deployments = 0;
  const claim = async (strategy: Strategy, hash = release.hash): Promise<StepInput> => {
    const deploymentId = `d-${++deployments}`;
    const { stackName } = release;
    const { current } = (await ports.stacks.find(stackName)) ?? {};
    if (current)
      await ports.stacks.apply(stackName, { type: 'DeploymentCompleted', ...current, release: release.hash });
    await ports.deployments.create(aDeployment({ id: deploymentId, release: hash, strategy }));
    const entry = { deploymentId, kind: 'other', acceptedAt: someTime } as const;
    await ports.stacks.apply(stackName, { type: 'Triggered', entry, fixForward: false }, identity);
    const claimed = await ports.stacks.apply(stackName, { type: 'Claimed', deploymentId });
    const fence = claimed.record?.fence ?? 0;
    await ports.deployments.apply(deploymentId, { type: 'Triggered', fence });
    return { deploymentId, stackName, fence, database: 'main' };
  };
  const input = await claim('full');
  if (made) await pgUpsert(ports, input);
  const names = { own: '/prod/shop/postgres/main', migrate: '/prod/shop/postgres/main/migrate' };
  return {
    ports,
    input,
    secrets,
    claim,
    login: (secret = 'own') => {
      const { dbuser, dbpass } = JSON.parse(secrets.get(names[secret]) ?? '{}');
      return dbuser === undefined ? undefined : { user: dbuser, password: dbpass };
    },
    dyingAfter: (effects) => dying(ports, aws, effects),
  };
};

/** The admin's session on the server's own database is kept open: a login costs more than most of its statements. */
const isAdmin = (server: AdminServer, { user, database }: Omit<SqlConnection, 'password'>, password: string) =>
  user === 'plain_admin' && database === 'postgres' && password === server.password;

const loggedInToByIam = ({ port }: AdminServer) =>
  sampleCluster({
    rdsHosts: [
      {
        serverGroupName: 'default',
        clientSecurityGroupId: 'sg-clients',
        identifier: 'main',
        endpoint: '127.0.0.1',
        port,
        auth: { iam: { dbUser: 'plain_admin', dbName: 'postgres' } },
      },
    ],
  });

const dying = (ports: WorldPorts, aws: ClusterPorts, effects: number): WorldPorts => {
  let left = effects;
  const spend = () => {
    if (left-- <= 0) throw new Killed();
  };
  const sql: SqlRunner = {
    run: async (connection, statements) => {
      const may = statements.slice(0, Math.max(left, 0));
      left -= may.length;
      const answer = may.length > 0 ? await aws.sql.run(connection, may) : undefined;
      if (may.length < statements.length || !answer) throw new Killed();
      return answer;
    },
  };
  const write: ClusterPorts['secrets']['write'] = async (...given) => {
    spend();
    await aws.secrets.write(...given);
  };
  return {
    ...ports,
    inCluster: () => ({ ...aws, sql, secrets: { ...aws.secrets, write } }),
    databases: {
      ...ports.databases,
      put: async (record) => {
        spend();
        return ports.databases.put(record);
      },
    },
    documents: {
      ...ports.documents,
      put: async (key, document) => {
        spend();
        await ports.documents.put(key, document);
      },
    },
  };
};
