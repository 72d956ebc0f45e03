import type { Application } from '../application/application.ts';
import type { Database } from '../application/database.ts';
import type { Runtime } from '../application/runtime.ts';
import type { Cluster, RdsHost } from '../environment/cluster.ts';
import { type Build, byName } from './build.ts';
import { realName } from './real-name.ts';
import type { RoleStatement } from './statement.ts';

/** Where an application stands: all that has to be known to tell how it logs in to its databases. */
export type Place = Pick<Build, 'application' | 'environment' | 'cluster'>;

/** The databases that containers name in their variables, by name. */
export const databasesOf = (
  { containers }: Pick<Runtime, 'containers'>,
  { databases }: Pick<Application, 'databases'>,
) => {
  const used = new Set(
    containers.flatMap(({ envVars }) => envVars.flatMap(({ database }) => database?.databaseName ?? [])),
  );
  return databases.filter(({ name }) => used.has(name)).sort(byName);
};

/** The server that a database stands on. */
export const hostOf = ({ postgres }: Database, { aws }: Pick<Cluster, 'aws'>): RdsHost | undefined =>
  aws.rdsHosts.find(({ serverGroupName }) => serverGroupName === postgres.serverGroup);

/** Whether its users log in with tokens of IAM instead of a password in a secret. */
export const isByIam = (database: Database, cluster: Pick<Cluster, 'aws'>): boolean =>
  hostOf(database, cluster)?.auth.iam !== undefined;

/** The same of a database by the application's name for it: the sidecar logs in, and there is no secret. */
export const isProxied = (name: string, { application, cluster }: Pick<Place, 'application' | 'cluster'>): boolean =>
  application.databases.some((database) => database.name === name && isByIam(database, cluster));

/** Those of them that are logged in to by IAM, by name. */
export const iamDatabases = (
  runtime: Pick<Runtime, 'containers'>,
  { application, cluster }: Place,
): readonly Database[] => databasesOf(runtime, application).filter((database) => isByIam(database, cluster));

/**
 * Who logs in to such a database, and where.
 * @throws when its server has no endpoint: the application was not checked.
 */
export const iamLogin = (database: Database, { application, environment, cluster }: Place) => {
  const { serverGroupName, identifier = '', endpoint, port = 5432 } = hostOf(database, cluster) ?? {};
  if (endpoint === undefined) throw new Error(`Server group ${serverGroupName} has no endpoint: check it first`);
  return {
    /** The user of a database has its name. */
    user: realName(database, environment.fullName, application.name),
    /** Of the server, in ARNs. */
    identifier,
    endpoint: `${endpoint}:${port}`,
  };
};

/** A runtime may log in as the users of its databases and as nobody else. */
export const databaseStatements = (runtime: Runtime, build: Build): readonly RoleStatement[] => {
  const { awsRegion, awsAccount } = build.cluster.aws;
  const resources = iamDatabases(runtime, build)
    .map((database) => iamLogin(database, build))
    .map(({ identifier, user }) => `arn:aws:rds-db:${awsRegion}:${awsAccount}:dbuser:${identifier}/${user}`);
  return resources.length === 0 ? [] : [{ policy: 'rds-connect', actions: ['rds-db:connect'], resources }];
};
