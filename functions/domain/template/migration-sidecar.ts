import type { Container } from '../application/container.ts';
import type { Database } from '../application/database.ts';
import { migratorLogin } from '../database/logins.ts';
import { type Build, byName } from './build.ts';
import { iamDatabases, iamLogin, type Place } from './database-access.ts';
import { type ProxiedLogin, proxyVariables } from './proxy-variables.ts';
import { sidecarImage } from './sidecar.ts';
import type { MigrationContainer } from './template.ts';

/** The databases that a migration container names and that are logged in to by IAM, by name. */
export const proxiedFor = (container: Container, place: Place): readonly Database[] =>
  iamDatabases({ containers: [container] }, place);

/** The container that logs in to databases for a migration; none where it names no database by IAM. */
export const migrationSidecar = (
  container: Container,
  migrated: Database,
  build: Build,
): MigrationContainer['sidecar'] => {
  const logins = proxiedFor(container, build).map((database) => loginOf(database, migrated, build));
  if (logins.length === 0) return undefined;
  const { application, environment, cluster } = build;
  const variables = {
    APP_NAME: application.name,
    ENVIRONMENT_NAME: environment.fullName,
    AWS_REGION: cluster.aws.awsRegion,
    ...proxyVariables(logins),
  };
  return {
    image: sidecarImage(cluster),
    environment: Object.entries(variables)
      .map(([name, value]) => ({ name, value }))
      .sort(byName),
  };
};

/** The database that is migrated is logged in to as its migrator, every other one as the application does. */
const loginOf = (database: Database, migrated: Database, build: Build): ProxiedLogin => {
  const { endpoint, user } = iamLogin(database, build);
  const dbUser = database.name === migrated.name ? migratorLogin(user) : user;
  return { database: database.name, endpoint, dbName: user, dbUser };
};
