import type { Database } from '../application/database.ts';
import type { Build } from './build.ts';
import { isByIam } from './database-access.ts';
import { migrationContainer } from './migration-container.ts';
import { realName } from './real-name.ts';
import type { BuiltDatabase } from './template.ts';

/** A database with its real name and the container that migrates it; neither is part of the stack. */
export const builtDatabase = (database: Database, build: Build): BuiltDatabase => {
  const { name, postgres } = database;
  const { migrateContainer, migrations } = postgres;
  return {
    key: name,
    databaseName: realName(database, build.environment.fullName, build.application.name),
    serverGroup: postgres.serverGroup,
    ...(isByIam(database, build.cluster) && { iam: true }),
    extensions: [...new Set(postgres.dbExtensions)].sort(),
    ...(migrateContainer && { migrate: migrationContainer(migrateContainer, database, build) }),
    ...(migrations && { migrationSource: migrationSource(migrations) }),
  };
};

const migrationSource = ({ tool, path }: NonNullable<Database['postgres']['migrations']>) => ({
  ...(tool !== undefined && { tool }),
  ...(path !== undefined && { path }),
});
