import { readServerLogin } from '../../functions/domain/database/secret.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import type { ClusterPorts, SecretStore, SqlRunner } from '../../functions/ports.ts';
import type { MemoryPorts, MemorySlipway } from '../support/memory-slipway.ts';
import { type RouteClouds, routeClouds } from '../support/route-clouds.ts';

export interface KillClouds extends RouteClouds {
  readonly password: () => string;
  /** Secrets with whose login nobody gets in. */
  shutOut(): readonly string[];
  /** The database of the shop, as an earlier deployment left it. */
  databaseMade(ports: Pick<MemoryPorts, 'databases'>): Promise<void>;
  /** An earlier deployment has applied this migration. */
  migrated(id: string): void;
}

export const DOCUMENTS = 'https://s3.eu-central-1.amazonaws.com/documents/';

/** The clouds of a route with a server that keeps databases, roles and passwords, and with secrets that keep what is written. */
export const killClouds = (slipway: MemorySlipway, onRestart: () => void): KillClouds => {
  const clouds = routeClouds(slipway.ports.inCluster({ name: 'main' } as never));
  const server = postgres(slipway);
  const secrets = secretsManager();
  let passwords = 0;
  const password = () => `password-${++passwords}`;
  const stacks: ClusterPorts['stacks'] = {
    ...clouds.aws.stacks,
    template: async (name) => {
      const url = slipway.stacks.templateUrl(name) ?? '';
      const kept = await slipway.ports.documents.find<Template>(url.replace(DOCUMENTS, ''));
      return kept ?? { Resources: {} };
    },
  };
  const tasks: ClusterPorts['tasks'] = {
    ...clouds.aws.tasks,
    restart: async (serviceArn) => {
      await clouds.aws.tasks.restart(serviceArn);
      onRestart();
    },
  };
  return {
    ...clouds,
    aws: { ...clouds.aws, stacks, tasks, secrets: secrets.port, sql: server.port },
    password,
    shutOut: () =>
      [...secrets.values]
        .filter(([id, value]) => id !== ADMIN && !server.lets(value))
        .map(([id]) => `${id} holds a login that does not get in`),
    databaseMade: async (ports) => {
      const databaseName = 'prod_shop_main';
      const logins = { secretArn: `${databaseName}_1`, migratorSecretArn: `${databaseName}_migrate` };
      server.databases.add(databaseName);
      const secretArn = '/prod/shop/postgres/main';
      const arns = { secretArn, migratorSecretArn: `${secretArn}/migrate` };
      for (const key of ['secretArn', 'migratorSecretArn'] as const) {
        const dbpass = password();
        server.roles.set(logins[key], dbpass);
        secrets.values.set(arns[key], JSON.stringify({ dbuser: logins[key], dbpass, dbhost: '127.0.0.1' }));
      }
      const names = { environment: 'prod', application: 'shop', databaseName, key: 'main', serverGroup: 'default' };
      await ports.databases.put({ ...names, ...arns, login: logins.secretArn });
    },
    migrated: (id) => void (slipway.tasks.applied as string[]).push(id),
  };
};

const ADMIN = '/main/postgres';

/** As Secrets Manager does: a token that was used before moves nothing, and refuses another value. */
const secretsManager = () => {
  const values = new Map([[ADMIN, JSON.stringify({ dbuser: 'admin', dbpass: 'secret', dbhost: '127.0.0.1' })]]);
  const written = new Map<string, string>();
  const port: SecretStore = {
    find: async (name) => name,
    getOrCreate: async (name) => name,
    read: async (id) => values.get(id),
    write: async (id, value, token) => {
      const known = written.get(`${id} ${token}`);
      if (known !== undefined && known !== value) throw new Error(`token ${token} bears another value`);
      if (known === undefined) values.set(id, value);
      written.set(`${id} ${token}`, value);
    },
  };
  return { port, values };
};

type Rows = readonly Readonly<Record<string, unknown>>[];

/** PostgreSQL as far as the statements of the database steps go, each known by its words. */
const postgres = ({ tasks }: MemorySlipway) => {
  const databases = new Set<string>();
  const roles = new Map<string, string>();
  const change = (text: string) => {
    const [, login, password] = /^ALTER ROLE "(\w+)" LOGIN PASSWORD '([^']*)'/.exec(text) ?? [];
    if (login !== undefined && password !== undefined) roles.set(login, password);
    const [, created] = /^CREATE DATABASE "(\w+)"/.exec(text) ?? [];
    if (created) databases.add(created);
    const [, dropped] = /^DROP DATABASE IF EXISTS "(\w+)"/.exec(text) ?? [];
    if (dropped && databases.delete(dropped)) (tasks.applied as string[]).length = 0;
    const [, retired] = /DROP ROLE "(\w+)"/.exec(text) ?? [];
    if (retired) roles.delete(retired);
    const [, owner] = /g\.rolname = '(\w+)'[\s\S]*'DROP ROLE %I'/.exec(text) ?? [];
    for (const role of [...roles.keys()]) if (owner && role.startsWith(`${owner}_`)) roles.delete(role);
  };
  const rowsOf = (text: string, [name, kept]: readonly unknown[]): Rows | undefined => {
    if (text.includes('SELECT datname FROM pg_database'))
      return [...databases].filter((each) => each === name).map((datname) => ({ datname }));
    if (!text.includes('m.rolname <> ALL')) return undefined;
    const old = [...roles.keys()].filter((role) => role.startsWith(`${name}_`) && !(kept as string[]).includes(role));
    return old.map((login) => ({ login }));
  };
  const port: SqlRunner = {
    run: async (connection, statements) => {
      const known = roles.get(connection.user);
      if (known !== undefined && known !== connection.password)
        return { kind: 'failed', statement: -1, code: '28P01', message: 'password authentication failed' };
      const migrations = await tasks.sql.run(connection, statements);
      if (migrations.kind === 'failed') return migrations;
      const results = statements.map(({ text, values = [] }, place) => {
        change(text);
        return rowsOf(text, values) ?? migrations.results[place] ?? [];
      });
      return { kind: 'rows', results };
    },
  };
  const lets = (secret: string): boolean => {
    const login = readServerLogin(secret);
    return login === undefined || roles.get(login.user) === login.password;
  };
  return { port, databases, roles, lets };
};
