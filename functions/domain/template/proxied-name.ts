/**
 * The name by which the sidecar is told of a database. It looks the login up under that name with a `_` wherever a word
 * or a number begins, and knows the connection by the same in small letters, so that names have to be written like that.
 */
export const proxiedName = (database: string): string =>
  database
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Za-z])(?=[0-9])|([0-9])(?=[A-Za-z])/g, '$&_')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

/** What a client of the sidecar calls the database: any other name leads nowhere. */
export const socketName = (database: string): string => proxiedName(database).toLowerCase();

/** The variable that tells the sidecar how to log in to a database. */
export const credentials = (database: string): string => `DB_CREDS_${proxiedName(database)}`;
