import * as z from 'zod';

/** Where a server answers, and who logs in. */
export interface ServerLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database to connect to first; the server's own `postgres` when the secret names none. */
  readonly database: string;
}

const port = z.coerce.number().int().min(1).max(65535).optional();

/** The shape the original deployer writes and reads. */
const original = z
  .object({
    dbuser: z.string().min(1),
    dbpass: z.string(),
    dbhost: z.string().min(1),
    dbname: z.string().optional(),
    dbport: port,
    port,
  })
  .transform((found) => loginFrom(found.dbhost, found.port ?? found.dbport, found.dbuser, found.dbpass, found.dbname));

/** The shape RDS keeps for a managed master user, and its rotation functions write. */
const managed = z
  .object({
    username: z.string().min(1),
    password: z.string(),
    host: z.string().min(1),
    port,
    dbname: z.string().optional(),
  })
  .transform((found) => loginFrom(found.host, found.port, found.username, found.password, found.dbname));

const loginFrom = (
  host: string,
  onPort: number | undefined,
  user: string,
  password: string,
  database: string | undefined,
): ServerLogin => {
  const [, name = host, ownPort] = /^([^:[\]]+):(\d+)$/.exec(host) ?? [];
  return {
    host: name,
    port: ownPort === undefined ? (onPort ?? 5432) : Number(ownPort),
    user,
    password,
    database: database || 'postgres',
  };
};

/** The admin's secret of a server in either shape; undefined when it is neither. Never say what was in it. */
export const readServerLogin = (document: string): ServerLogin | undefined => {
  const found = z.union([original, managed]).safeParse(jsonOf(document));
  return found.success ? found.data : undefined;
};

const jsonOf = (document: string): unknown => {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
};

/** The document that applications read: the original's five keys, and the port. */
export const databaseSecret = (login: ServerLogin & { readonly tls: boolean }): string => {
  const { host, port: onPort, user, password, database } = login;
  const plain = login.tls ? '' : '?sslmode=disable';
  const address = host.includes(':') ? `[${host}]` : host;
  const dburl = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${address}:${onPort}/${encodeURIComponent(database)}${plain}`;
  return JSON.stringify({
    dbuser: user,
    dbpass: password,
    dbhost: host,
    dbport: String(onPort),
    dbname: database,
    dburl,
  });
};
