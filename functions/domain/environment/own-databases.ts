import type { Application } from '../application/application.ts';
import { realName } from '../template/real-name.ts';
import type { KnownDatabase } from './check-input.ts';

/** The databases that an application has in an environment, in its own order. */
export const ownDatabases = ({ name, databases }: Application, environment: string): readonly KnownDatabase[] =>
  databases.map((database) => ({
    key: database.name,
    serverGroup: database.postgres.serverGroup,
    environment,
    application: name,
    databaseName: realName(database, environment, name),
  }));
