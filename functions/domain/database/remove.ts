import { identifier, literal } from './identifier.ts';
import { block, type Statement } from './statement.ts';

/** On the server: logins of the database beside those that stay, by membership and by name: `login`. */
export const oldLogins = (databaseName: string, kept: readonly string[]): Statement => ({
  text: `SELECT m.rolname::text AS login FROM pg_auth_members a
  JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
  WHERE g.rolname = $1::text AND starts_with(m.rolname::text, $1::text || '_') AND m.rolname <> ALL ($2::text[])
  GROUP BY 1 ORDER BY 1`,
  values: [databaseName, kept],
});

/** Ends the right of an old login to log in; missing ones are no matter. */
export const refuseLogin = (login: string): readonly Statement[] => [
  ifRole(login, `ALTER ROLE ${identifier(login)} NOLOGIN`),
];

/** On the database itself, after `refuseLogin` and the end of its sessions: nothing is left of an old login. */
export const dropLogin = (databaseName: string, login: string): readonly Statement[] => [
  ifRole(
    login,
    `IF NOT pg_has_role(${literal(login)}, 'USAGE') THEN
      GRANT ${identifier(login)} TO CURRENT_USER;
    END IF;
    REASSIGN OWNED BY ${identifier(login)} TO ${identifier(databaseName)};
    DROP OWNED BY ${identifier(login)};
    DROP ROLE ${identifier(login)}`,
  ),
];

/** On the server: ends every session of the database and drops it (PostgreSQL 13 and later). */
export const dropDatabase = (databaseName: string): readonly Statement[] => [
  { text: `DROP DATABASE IF EXISTS ${identifier(databaseName)} WITH (FORCE)` },
];

/** On the server, after `dropDatabase`: the role and all its logins, adopted and rotated ones included. */
export const dropRoles = (databaseName: string): readonly Statement[] => [
  block(`DECLARE
  login name;
BEGIN
  FOR login IN SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
               WHERE g.rolname = ${literal(databaseName)} AND starts_with(m.rolname, ${literal(`${databaseName}_`)}) LOOP
    EXECUTE format('DROP ROLE %I', login);
  END LOOP;
END`),
  { text: `DROP ROLE IF EXISTS ${identifier(databaseName)}` },
];

const ifRole = (role: string, statements: string): Statement =>
  block(`BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)}) THEN
    ${statements};
  END IF;
END`);
