import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Part, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import type { DbInstance } from './db-instance.ts';
import { dbInstanceResources } from './db-instance-resources.ts';
import { adoptMasterRole, changePassword, type MasterRole, makeMasterRole } from './master-role.ts';
import { discardServer, type Server, startServer } from './server.ts';
import { dataDirectory, serverAccount } from './server-account.ts';
import { superuserUrl } from './server-options.ts';

export interface PostgresOptions {
  /** Where the data of the instances lies. */
  readonly directory: string;
  /** The admin URL of a server that is used instead of own ones; SLIPWAY_POSTGRES_URL unless given, none when empty. */
  readonly serverUrl?: string | undefined;
  /** Keeps the password of an instance with ManageMasterUserPassword; gives the ARN of the secret. */
  readonly putMasterSecret?: (name: string, value: string) => string;
}

export interface Postgres {
  /** How an instance is reached; undefined when there is none of that identifier. */
  describeDatabase(id: string): Pick<DbInstance, 'engine' | 'host' | 'port' | 'masterUsername' | 'dbname'> | undefined;
}

/** What the resources of templates need from the servers. */
export interface DbServers {
  readonly findInstance: (id: string) => DbInstance | undefined;
  readonly create: (wanted: Omit<DbInstance, 'host' | 'port'>, master: MasterRole) => Promise<DbInstance>;
  readonly update: (instance: DbInstance, password: string | undefined) => Promise<DbInstance>;
  readonly remove: (instance: DbInstance) => Promise<void>;
  readonly putMasterSecret: (name: string, value: string) => string;
}

/** RDS for PostgreSQL: a real server per instance, or the one that an URL names. */
export const createPostgres = (world: World, options: PostgresOptions): Part & Postgres => {
  const { serverUrl = process.env['SLIPWAY_POSTGRES_URL'], putMasterSecret = noSecrets } = options;
  const instances = world.store.table<DbInstance>('rds.instances');
  const servers = new Map<string, Server>();
  const account = serverAccount();
  const directory = dataDirectory(options.directory, account);
  const folderOf = (id: string) => join(directory, id);
  let binaries: Binaries | undefined;

  const run = async (id: string, superuserPassword: string, port?: number): Promise<Server> => {
    const running = servers.get(id);
    if (running) return running;
    binaries ??= findBinaries(account);
    const server = await startServer({ binaries, account, directory: folderOf(id), superuserPassword, port });
    servers.set(id, server);
    world.log(
      `PostgreSQL of ${id} listens on 127.0.0.1:${server.port} (process ${server.pid}, data in ${folderOf(id)})`,
    );
    return server;
  };
  const saved = (instance: DbInstance): DbInstance => {
    instances.put(instance.id, instance);
    return instance;
  };
  const adminUrlOf = ({ port, superuserPassword }: DbInstance): string =>
    serverUrl || superuserUrl(port, superuserPassword ?? '');

  const dbServers: DbServers = {
    findInstance: (id) => instances.get(id),
    create: async (wanted, master) => {
      if (serverUrl) {
        await adoptMasterRole(serverUrl, master);
        return saved({ ...wanted, ...addressOf(serverUrl) });
      }
      const passwords = world.store.table<string>('rds.superusers');
      const known = passwords.get(wanted.id);
      // A create that was cut short goes on with its own data; data that the store knows nothing of is another life's.
      if (known === undefined) await discardServer(folderOf(wanted.id));
      const superuserPassword = known ?? randomBytes(24).toString('base64url');
      passwords.put(wanted.id, superuserPassword);
      const { port } = await run(wanted.id, superuserPassword);
      await makeMasterRole(superuserUrl(port, superuserPassword), master);
      return saved({ ...wanted, host: '127.0.0.1', port, superuserPassword });
    },
    update: async (instance, password) => {
      if (password !== undefined)
        await changePassword(adminUrlOf(instance), { name: instance.masterUsername, password });
      return saved(instance);
    },
    remove: async ({ id, superuserPassword }) => {
      if (superuserPassword !== undefined) {
        servers.delete(id);
        await discardServer(folderOf(id));
        world.store.table('rds.superusers').delete(id);
      }
      instances.delete(id);
    },
    putMasterSecret,
  };

  return {
    resources: dbInstanceResources(world, dbServers),
    describeDatabase: (id) => instances.get(id),
    start: async () => {
      const own = instances.list().flatMap(({ value }) => (value.superuserPassword === undefined ? [] : [value]));
      await Promise.all(own.map(({ id, superuserPassword = '', port }) => run(id, superuserPassword, port)));
    },
    stop: async () => {
      await Promise.all([...servers.values()].map((server) => server.stop()));
      servers.clear();
    },
  };
};

const noSecrets = () => {
  throw new AwsError('InvalidParameterCombination', 'ManageMasterUserPassword needs Secrets Manager beside RDS.');
};

const addressOf = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 5432) };
};
