import { randomBytes } from 'node:crypto';
import type { Part, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import type { DbInstance } from './db-instance.ts';
import { dbInstanceResources } from './db-instance-resources.ts';
import { adoptMasterRole, changePassword, type MasterRole, makeMasterRole } from './master-role.ts';
import { type Runnable, runningServers } from './running-servers.ts';
import { superuserUrl } from './server-options.ts';
import type { TokenJudge } from './token-refusal.ts';

export interface PostgresOptions {
  /** Where the data of the instances lies. */
  readonly directory: string;
  /** The admin URL of a server that is used instead of own ones; SLIPWAY_POSTGRES_URL unless given, none when empty. */
  readonly serverUrl?: string | undefined;
  /** Keeps the password of an instance with ManageMasterUserPassword; gives the ARN of the secret. */
  readonly putMasterSecret?: (name: string, value: string) => string;
  /** Judges tokens; without it no instance has EnableIAMDatabaseAuthentication. */
  readonly iam?: TokenJudge['iam'];
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
  const { serverUrl = process.env['SLIPWAY_POSTGRES_URL'], putMasterSecret = noSecrets, iam } = options;
  const instances = world.store.table<DbInstance>('rds.instances');
  const servers = runningServers(world, options.directory, iam);

  const run = (instance: Runnable) => {
    const ports = instances.list().map(({ value }) => value.port);
    return servers.run(instance, ports);
  };
  const checkIamLogins = ({ hasIamLogins }: Pick<DbInstance, 'hasIamLogins'>): void => {
    if (hasIamLogins && serverUrl) throw noDoor();
    if (hasIamLogins && !iam) throw noIam();
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
      checkIamLogins(wanted);
      if (serverUrl) {
        await adoptMasterRole(serverUrl, master);
        return saved({ ...wanted, ...addressOf(serverUrl) });
      }
      const passwords = world.store.table<string>('rds.superusers');
      const known = passwords.get(wanted.id);
      // A create that was cut short goes on with its own data; data that the store knows nothing of is another life's.
      if (known === undefined) await servers.discard(wanted.id);
      const superuserPassword = known ?? randomBytes(24).toString('base64url');
      passwords.put(wanted.id, superuserPassword);
      const { port } = await run({ ...wanted, superuserPassword });
      await makeMasterRole(superuserUrl(port, superuserPassword), master);
      return saved({ ...wanted, host: '127.0.0.1', port, superuserPassword });
    },
    update: async (instance, password) => {
      checkIamLogins(instance);
      if (password !== undefined)
        await changePassword(adminUrlOf(instance), { name: instance.masterUsername, password });
      const isMoved = instances.get(instance.id)?.hasIamLogins !== instance.hasIamLogins;
      // The port passes from the server to the door, or back.
      if (isMoved) await servers.stop(instance.id);
      saved(instance);
      if (isMoved) await run(instance);
      return instance;
    },
    remove: async ({ id, superuserPassword }) => {
      if (superuserPassword !== undefined) {
        await servers.discard(id);
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
      await Promise.all(own.map((instance) => run(instance)));
    },
    stop: servers.stopEach,
  };
};

const noDoor = () =>
  new AwsError(
    'InvalidParameterCombination',
    'EnableIAMDatabaseAuthentication needs a server of its own, in front of which tokens are checked, but SLIPWAY_POSTGRES_URL names one that is used instead. Unset it, or leave the property out.',
  );

const noIam = () =>
  new AwsError('InvalidParameterCombination', 'EnableIAMDatabaseAuthentication needs IAM beside RDS.');

const noSecrets = () => {
  throw new AwsError('InvalidParameterCombination', 'ManageMasterUserPassword needs Secrets Manager beside RDS.');
};

const addressOf = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 5432) };
};
