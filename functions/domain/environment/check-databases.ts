import { unknownName } from '../application/check-references.ts';
import type { Database } from '../application/database.ts';
import { type Finding, findingAt } from '../configuration/finding.ts';
import { databaseName } from '../template/names.ts';
import type { CheckInput } from './check.ts';
import type { Cluster, RdsHost } from './cluster.ts';

/** A database that exists, and whose it is. */
export interface KnownDatabase {
  readonly databaseName: string;
  readonly environment: string;
  readonly application: string;
  readonly serverGroup: string;
  readonly key: string;
}

/** The databases of an application: their servers, how one logs in there, and that no two fold to one real name. */
export const checkDatabases = ({ application, environment, cluster, others = [] }: CheckInput): readonly Finding[] => {
  const own = application.databases.map((database) => ({
    key: database.name,
    serverGroup: database.postgres.serverGroup,
    environment: environment.fullName,
    application: application.name,
    databaseName: realName(database, environment.fullName, application.name),
  }));
  const foreign = others.filter((other) => !own.some((database) => isSame(database, other)));
  return application.databases.flatMap((database, index) => {
    const keys = ['databases', index, 'postgres'];
    const mine = own[index];
    return [
      ...serverFindings(database, index, cluster),
      ...(mine ? nameFindings(mine, [...foreign, ...own.slice(0, index)], [...keys, 'dbNameSuffix']) : []),
      ...(cluster.aws.sqlFunctionArn === undefined
        ? [findingAt(keys, `needs cluster.aws.sqlFunctionArn, which the cluster ${cluster.name} does not have`)]
        : []),
      ...(database.postgres.migrateContainer && cluster.aws.migratorRoles[environment.fullName] === undefined
        ? [
            findingAt(
              [...keys, 'migrateContainer'],
              `needs a role for ${environment.fullName} in cluster.aws.migratorRoles of ${cluster.name}`,
            ),
          ]
        : []),
    ];
  });
};

const realName = ({ name, postgres: { dbNameSuffix = name } }: Database, environment: string, application: string) =>
  databaseName(environment, application, dbNameSuffix);

const isSame = (a: KnownDatabase, b: KnownDatabase) =>
  a.environment === b.environment && a.application === b.application && a.key === b.key;

const serverFindings = ({ postgres: { serverGroup } }: Database, index: number, cluster: Cluster): Finding[] => {
  const keys = ['databases', index, 'postgres', 'serverGroup'];
  const groups = cluster.aws.rdsHosts.map(({ serverGroupName }) => serverGroupName);
  const host = cluster.aws.rdsHosts.find(({ serverGroupName }) => serverGroupName === serverGroup);
  if (!host) return [unknownName(keys, `server group of the cluster ${cluster.name}`, serverGroup, groups)];
  return usesIam(host) ? [findingAt(keys, `databases by IAM (server group ${serverGroup}) are not supported yet`)] : [];
};

const usesIam = ({ auth }: RdsHost) => auth.iam !== undefined;

const nameFindings = (mine: KnownDatabase, others: readonly KnownDatabase[], keys: Finding['keys']): Finding[] => {
  // PostgreSQL cuts longer names in silence, and two could then be one.
  if (mine.databaseName.length > 63)
    return [findingAt(keys, `makes the database name ${mine.databaseName}, longer than PostgreSQL's 63 characters`)];
  const other = others.find(
    ({ databaseName: name, serverGroup }) => name === mine.databaseName && serverGroup === mine.serverGroup,
  );
  return other
    ? [
        findingAt(
          keys,
          `${mine.key} of ${mine.application} and ${other.key} of ${other.application} (${other.environment}) would both be the database ${mine.databaseName}: give one another dbNameSuffix`,
        ),
      ]
    : [];
};
