import { identifier, literal } from './identifier.ts';
import { block, type Statement } from './statement.ts';

export interface UpsertSpec {
  readonly databaseName: string;
  readonly extensions: readonly string[];
  /** RDS with IAM: the role itself logs in, and only with a token. */
  readonly iam?: boolean;
}

/**
 * On the server, as its admin, who is no superuser: the role, and the admin's right to act as it. Every statement looks
 * before it acts, so that the list can be repeated from the start wherever it stopped.
 */
export const roleStatements = ({ databaseName, iam = false }: UpsertSpec): readonly Statement[] => [
  createRole(databaseName, iam ? 'LOGIN' : 'NOLOGIN'),
  ...(iam ? letInByIam(databaseName) : []),
  actAs(databaseName),
];

/** One row when the database exists, none otherwise: CREATE DATABASE knows no IF NOT EXISTS and no block. */
export const findDatabase = (databaseName: string): Statement => ({
  text: 'SELECT datname FROM pg_database WHERE datname = $1',
  values: [databaseName],
});

/** For a database that `findDatabase` did not find. */
export const createDatabase = (databaseName: string): readonly Statement[] => [
  { text: `CREATE DATABASE ${identifier(databaseName)} OWNER ${identifier(databaseName)}` },
];

/** A database that someone else made, or that a stopped run left with another owner. */
export const adoptDatabase = (databaseName: string): readonly Statement[] => [
  block(`BEGIN
  IF EXISTS (SELECT FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
             WHERE d.datname = ${literal(databaseName)} AND r.rolname <> ${literal(databaseName)}) THEN
    ALTER DATABASE ${identifier(databaseName)} OWNER TO ${identifier(databaseName)};
  END IF;
END`),
];

/** On the database itself, as the admin. */
export const extensionStatements = ({ extensions }: UpsertSpec): readonly Statement[] =>
  [...extensions].sort().map((name) => ({ text: `CREATE EXTENSION IF NOT EXISTS ${identifier(name)}` }));

/**
 * A login that acts as the database's role: what it creates belongs to the role. Made if missing; either way it has this
 * password afterwards. The password stands in the statement because PostgreSQL takes no parameter there.
 */
export const loginStatements = (databaseName: string, login: string, password: string): readonly Statement[] => [
  createRole(login, 'LOGIN'),
  { text: `ALTER ROLE ${identifier(login)} LOGIN PASSWORD ${literal(password)}` },
  ...actsAs(databaseName, login),
];

/** The same for one that is let in with tokens of IAM and has no password. */
export const iamLoginStatements = (databaseName: string, login: string): readonly Statement[] => [
  createRole(login, 'LOGIN'),
  ...letInByIam(login),
  ...actsAs(databaseName, login),
];

const actsAs = (databaseName: string, login: string): readonly Statement[] => [
  grant(databaseName, login),
  { text: `ALTER ROLE ${identifier(login)} SET role = ${literal(databaseName)}` },
  actAs(login),
];

/** RDS takes a token for a password of whoever is a member of its role rds_iam, and no password of them any more. */
const letInByIam = (role: string): readonly Statement[] => [
  block(`BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)} AND NOT rolcanlogin) THEN
    ALTER ROLE ${identifier(role)} LOGIN;
  END IF;
END`),
  grant('rds_iam', role),
];

const grant = (role: string, member: string): Statement =>
  block(`BEGIN
  IF NOT pg_has_role(${literal(member)}, ${literal(role)}, 'MEMBER') THEN
    GRANT ${identifier(role)} TO ${identifier(member)};
  END IF;
END`);

/** How long a migration waits for a lock while everyone after it waits too. */
export const defaultLockTimeoutMillis = 3000;

/** Settings of the migrator's login; by ALTER ROLE, because that reaches any tool. */
export const migratorSettings = (login: string, lockTimeoutMillis = defaultLockTimeoutMillis): readonly Statement[] => [
  { text: `ALTER ROLE ${identifier(login)} SET lock_timeout = ${literal(`${lockTimeoutMillis}ms`)}` },
];

const createRole = (name: string, login: 'LOGIN' | 'NOLOGIN'): Statement =>
  block(`BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(name)}) THEN
    CREATE ROLE ${identifier(name)} ${login};
  END IF;
END`);

/**
 * Managed PostgreSQL gives an admin who is no superuser: to give things to a role, or to take them from it, the admin has
 * to be a member, from 16 on with the SET and INHERIT options, which creating the role does not bring.
 */
export const actAs = (role: string): Statement =>
  block(`DECLARE
  able boolean;
BEGIN
  able := pg_has_role(${literal(role)}, 'USAGE');
  IF able AND current_setting('server_version_num')::int >= 160000 THEN
    able := pg_has_role(${literal(role)}, 'SET');
  END IF;
  IF NOT able THEN
    GRANT ${identifier(role)} TO CURRENT_USER;
  END IF;
END`);
