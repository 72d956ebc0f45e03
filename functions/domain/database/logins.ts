import { identifier } from './identifier.ts';

// A database has one role of its own name, which owns everything in it, and logins that act as that role: `{database}_1`,
// `{database}_2`, ... one at a time for the application, `{database}_migrate` for migrations. By password the role itself
// cannot be logged in with; by IAM it is the application's login, for there is no password to take turns with.

/** The application's login number `n`, from 1; rotation takes the next. */
export const applicationLogin = (databaseName: string, n: number): string => checked(`${databaseName}_${n}`);

/** Number of the login after `login`; a login of another form, such as an adopted one, is followed by the first. */
export const nextLogin = (databaseName: string, login: string | undefined): string => {
  const number = login?.startsWith(`${databaseName}_`) ? login.slice(databaseName.length + 1) : '';
  return applicationLogin(databaseName, /^\d{1,6}$/.test(number) ? Number(number) + 1 : 1);
};

/** The login under which migrations run. */
export const migratorLogin = (databaseName: string): string => checked(`${databaseName}_migrate`);

/** Whether a name is that of a login of a database: on a server logins and databases' roles share one name space. */
export const isLoginOf = (databaseName: string, name: string): boolean =>
  name.startsWith(`${databaseName}_`) && /^(\d{1,6}|migrate)$/.test(name.slice(databaseName.length + 1));

/** Long enough for every login and short enough for PostgreSQL; undefined when the name will do. */
export const databaseNameProblem = (databaseName: string): string | undefined => {
  if (!/^[A-Za-z0-9_]+$/.test(databaseName))
    return `Database name "${databaseName}" may have letters, digits and _ only.`;
  return databaseName.length > 55
    ? `Database name "${databaseName}" has ${databaseName.length} characters, and its logins need 8 more than its name: 55 are the most.`
    : undefined;
};

const checked = (login: string): string => {
  identifier(login);
  return login;
};
