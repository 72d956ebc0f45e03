import { credentials, proxiedName } from './proxied-name.ts';
import { POSTGRES_SOCKETS } from './sidecar-names.ts';

/** A login by IAM that the sidecar makes for others. */
export interface ProxiedLogin {
  /** The application's name for the database. */
  readonly database: string;
  /** `host:port`. */
  readonly endpoint: string;
  readonly dbName: string;
  readonly dbUser: string;
}

/** What a sidecar is told of the databases that it logs in to; nothing when there are none. */
export const proxyVariables = (logins: readonly ProxiedLogin[]): Readonly<Record<string, string>> =>
  logins.length === 0
    ? {}
    : {
        POSTGRES_IAM_PROXY: proxiedNames(logins.map(({ database }) => database)),
        POSTGRES_PROXY_BIND: `${POSTGRES_SOCKETS}/.s.PGSQL.5432`,
        ...Object.fromEntries(
          logins.map(({ database, endpoint, dbName, dbUser }) => [
            credentials(database),
            JSON.stringify({ endpoint, dbName, dbUser }),
          ]),
        ),
      };

/** The names by which a sidecar finds the login of each. */
export const proxiedNames = (databases: readonly string[]): string => databases.map(proxiedName).sort().join(',');
