import { unknownName } from '../application/check-references.ts';
import type { Database } from '../application/database.ts';
import { type Finding, findingAt } from '../configuration/finding.ts';
import { loginChanged } from '../database/login-kind.ts';
import { databaseNameProblem, isLoginOf } from '../database/logins.ts';
import { hostOf, isByIam } from '../template/database-access.ts';
import type { CheckInput, KnownDatabase } from './check-input.ts';
import type { Cluster } from './cluster.ts';
import { ownDatabases } from './own-databases.ts';

/** The databases of an application: their servers, how one logs in there, and that no two fold to one real name. */
export const checkDatabases = (input: CheckInput): readonly Finding[] => {
  const { application, environment, cluster, others = [], destroys = false } = input;
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
      ...(mine && !destroys && hostOf(database, cluster)
        ? standingFindings(mine, isByIam(database, cluster), { cluster, others }, [...keys, 'serverGroup'])
        : []),
      ...(mine ? nameFindings(mine, [...foreign, ...own.slice(0, index)], [...keys, 'dbNameSuffix']) : []),
      ...(cluster.aws.sqlFunctionArn === undefined
        ? [findingAt(keys, `needs cluster.aws.sqlFunctionArn, which the cluster ${cluster.name} does not have`)]
        : []),
    ];
  });
};

const serverFindings = (database: Database, index: number, cluster: Cluster): Finding[] => {
  const { serverGroup } = database.postgres;
  const host = hostOf(database, cluster);
  const keys = ['databases', index, 'postgres', 'serverGroup'];
  const groups = cluster.aws.rdsHosts.map(({ serverGroupName }) => serverGroupName);
  if (!host) return [unknownName(keys, `server group of the cluster ${cluster.name}`, serverGroup, groups)];
  return host.auth.iam && host.endpoint === undefined
    ? [findingAt(keys, `${serverGroup} needs rdsHosts[].endpoint to log in by IAM`)]
    : [];
};

/** What stands already stays where it stands, and is logged in to as it was made. */
const standingFindings = (
  mine: KnownDatabase,
  iam: boolean,
  { cluster, others = [] }: Pick<CheckInput, 'cluster' | 'others'>,
  keys: Finding['keys'],
): Finding[] => {
  const standing = others.find((other) => isSame(mine, other) && other.byIam !== undefined);
  if (!standing) return [];
  if (standing.byIam !== iam) {
    const { message, remedy } = loginChanged({ ...mine, iam });
    return [findingAt(keys, `${message}. ${remedy}`)];
  }
  // A group that the cluster does not know any more was renamed, as far as anybody can tell.
  const isElsewhere = standing.serverGroup !== mine.serverGroup && hasGroup(cluster, standing.serverGroup);
  return isElsewhere ? [findingAt(keys, moved(mine, standing.serverGroup))] : [];
};

const hasGroup = ({ aws }: Cluster, name: string) =>
  aws.rdsHosts.some(({ serverGroupName }) => serverGroupName === name);

const moved = ({ key, databaseName, serverGroup }: KnownDatabase, from: string) =>
  `${key} (${databaseName}) stands on the server group ${from}, and nobody would take what is in it to ${serverGroup}: leave it there, or give it another dbNameSuffix to begin with an empty database, or run the strategy destroy-database, which loses what is in it, and deploy again`;

const isSame = (mine: KnownDatabase, other: KnownDatabase): boolean =>
  other.environment === mine.environment &&
  other.application === mine.application &&
  other.databaseName === mine.databaseName;

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
