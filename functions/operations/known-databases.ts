import type { Application } from '../domain/application/application.ts';
import type { KnownDatabase } from '../domain/environment/check-input.ts';
import type { Environment } from '../domain/environment/environment.ts';
import { foldedName } from '../domain/template/names.ts';
import { realName } from '../domain/template/real-name.ts';
import type { DatabaseRecord, Ports } from '../ports.ts';
import { secretsOf } from './database-secrets.ts';

/**
 * Databases on the environment's cluster that have a name which an application is about to take, or has. `a-b` and `a_b` fold to
 * one name, so that another environment of the same servers may hold it, too.
 */
export const knownDatabases = async (
  { configuration, databases }: Pick<Ports, 'configuration' | 'databases'>,
  application: Application,
  { fullName, clusterName }: Environment,
): Promise<readonly KnownDatabase[]> => {
  const names = [...new Set(application.databases.map((each) => realName(each, fullName, application.name)))];
  if (names.length === 0) return [];
  const environments = await configuration.listEnvironments();
  const neighbours = environments.filter((each) => each.clusterName === clusterName).map((each) => each.fullName);
  // A real name begins with that of its environment, so that most have nothing to ask for.
  const asked = names.flatMap((name) =>
    [...new Set([fullName, ...neighbours])]
      .filter((environment) => name.startsWith(`${foldedName(environment)}_`))
      .map((environment) => databases.find(environment, name)),
  );
  return (await Promise.all(asked)).flatMap((found) => (found ? [knownDatabase(found)] : []));
};

/** Nobody has come to log in to a database that was never finished or has been destroyed: it may still become of either kind. */
const knownDatabase = (record: DatabaseRecord): KnownDatabase => {
  const { environment, databaseName, application, key, serverGroup, login } = record;
  const byIam = login === undefined ? {} : { byIam: secretsOf(record) === undefined };
  return { environment, databaseName, application, key, serverGroup, ...byIam };
};
