import type { Application } from '../application/application.ts';
import type { Database } from '../application/database.ts';
import type { Runtime } from '../application/runtime.ts';
import { byName } from './build.ts';
import { databasesOf } from './database-access.ts';

type Owned = Pick<Application, 'databases' | 'runtimes'>;

/** The runtime that sends the outbox of a database: the first, by name, of those that name it in a variable. */
export const outboxOwner = (database: Database, application: Owned): Runtime | undefined =>
  [...application.runtimes].sort(byName).find((runtime) => databasesOf(runtime, application).includes(database));

/** The databases whose outbox a runtime sends, by name. */
export const outboxesOf = (runtime: Runtime, application: Owned): readonly Database[] =>
  databasesOf(runtime, application).filter(
    (database) => database.postgres.runOutbox && outboxOwner(database, application)?.name === runtime.name,
  );
