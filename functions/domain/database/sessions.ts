import { migratorLogin } from './logins.ts';
import type { Statement } from './statement.ts';

/** Whose sessions: the application's (its logins and the role itself), or the migrator's. */
export type Party = 'application' | 'migrator';

/** Sessions on the database of at least that age, oldest first: `pid`, `login`, `application`. The admin's own never count. */
export const listSessions = (databaseName: string, party: Party, olderThanMillis = 0): Statement => ({
  text: `SELECT pid, usename::text AS login, application_name AS application ${sessionsOf(party)}
    AND clock_timestamp() - backend_start >= $3::float8 * interval '1 millisecond' ORDER BY backend_start, pid`,
  values: [databaseName, migratorLogin(databaseName), olderThanMillis],
});

/** Ends those sessions, of at least that age; needs membership in their logins, which `loginStatements` gave. One row per session. */
export const terminateSessions = (databaseName: string, party: Party, olderThanMillis = 0): Statement => ({
  text: `SELECT pid, pg_terminate_backend(pid) AS ended ${sessionsOf(party)}
    AND clock_timestamp() - backend_start >= $3::float8 * interval '1 millisecond' ORDER BY pid`,
  values: [databaseName, migratorLogin(databaseName), olderThanMillis],
});

/** Ends every session of one login, wherever it is; needs membership in it. */
export const terminateLogin = (login: string): Statement => ({
  text: 'SELECT pid, pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE usename = $1::text AND pid <> pg_backend_pid()',
  values: [login],
});

/** `usename` is who logged in, whatever role the session has taken since. */
const sessionsOf = (party: Party): string =>
  `FROM pg_stat_activity WHERE datname = $1::text AND pid <> pg_backend_pid() AND usename <> current_user
    AND usename ${party === 'migrator' ? '=' : '<>'} $2::text AND (usename = $1::text OR starts_with(usename::text, $1::text || '_'))`;
