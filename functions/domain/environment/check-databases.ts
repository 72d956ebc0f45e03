import { unknownName } from '../application/check-references.ts';
import type { Database } from '../application/database.ts';
import { type Finding, findingAt } from '../configuration/finding.ts';
import { databaseNameProblem, isLoginOf } from '../database/logins.ts';
import type { CheckInput, KnownDatabase } from './check-input.ts';
import type { Cluster, RdsHost } from './cluster.ts';
import { ownDatabases } from './own-databases.ts';

/** The databases of an application: their servers, how one logs in there, and that no two fold to one real name. */
export const checkDatabases = ({ application, environment, cluster, others = [] }: CheckInput): readonly Finding[] => {
  const own = ownDatabases(application, environment.fullName);
  // What the application has already is its own, under whatever key.
  const foreign = others.filter(
    (other) => other.environment !== environment.fullName || other.application !== application.name,
  );
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

const serverFindings = ({ postgres: { serverGroup } }: Database, index: number, cluster: Cluster): Finding[] => {
  const keys = ['databases', index, 'postgres', 'serverGroup'];
  const groups = cluster.aws.rdsHosts.map(({ serverGroupName }) => serverGroupName);
  const host = cluster.aws.rdsHosts.find(({ serverGroupName }) => serverGroupName === serverGroup);
  if (!host) return [unknownName(keys, `server group of the cluster ${cluster.name}`, serverGroup, groups)];
  return host.auth.iam ? iamFindings(host, keys) : [];
};

const iamFindings = ({ serverGroupName, endpoint }: RdsHost, keys: Finding['keys']): Finding[] => [
  findingAt(
    keys,
    `the administrator of ${serverGroupName} logs in by IAM, and Slipway makes databases only as one with a password: use a server group whose auth is secretsManager`,
  ),
  ...(endpoint === undefined ? [findingAt(keys, `${serverGroupName} needs rdsHosts[].endpoint to log in by IAM`)] : []),
];

const nameFindings = (mine: KnownDatabase, others: readonly KnownDatabase[], keys: Finding['keys']): Finding[] => {
  const problem = databaseNameProblem(mine.databaseName);
  if (problem !== undefined) return [findingAt(keys, problem)];
  const name = mine.databaseName;
  return others.flatMap((other) => {
    const both = `${mine.key} of ${mine.application} and ${other.key} of ${other.application} (${other.environment})`;
    // Records and secrets are told apart by environment and name, servers by name alone.
    if (other.databaseName === name && (isBeside(mine, other) || other.environment === mine.environment))
      return [findingAt(keys, `${both} would both be the database ${name}: give one another dbNameSuffix`)];
    const [short, long] = [name, other.databaseName].sort((a, b) => a.length - b.length);
    return isBeside(mine, other) && short !== undefined && long !== undefined && isLoginOf(short, long)
      ? [
          findingAt(
            keys,
            `${both} do not go together: ${long} would be the role of one and a login of the other. Give one another dbNameSuffix`,
          ),
        ]
      : [];
  });
};

const isBeside = (a: KnownDatabase, b: KnownDatabase) => a.serverGroup === b.serverGroup;
