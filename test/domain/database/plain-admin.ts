import { Client } from 'pg';
import { runSql } from '../../../functions/adapters/postgres/sql-function.ts';
import type { Statement } from '../../../functions/domain/database/statement.ts';
import { startTestPostgres } from '../../support/postgres.ts';
import { installedVersions, startInstalledPostgres } from './installed-postgres.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface AdminServer {
  readonly port: number;
  readonly password: string;
  readonly superuser: string;
  /** As the admin, statement by statement, through the body of the function `sql`; throws what PostgreSQL refuses. */
  run(statements: readonly Statement[], database?: string): Promise<readonly Rows[]>;
  /** A connection of anybody. */
  as(user: string, password: string, database: string): Promise<Client>;
  asSuperuser(database?: string): Promise<Client>;
  stop(): Promise<void>;
}

export const embedded = 'embedded';

/** The embedded server, and what is installed here: rules for admins changed in 16. */
export const serverVersions: readonly string[] = [embedded, ...installedVersions];

/** A real server with an admin who has nothing but CREATEDB, CREATEROLE and rds_iam to give away: less than what RDS gives. */
export const startAdminServer = async (version: string): Promise<AdminServer> => {
  const postgres = version === embedded ? await startTestPostgres() : await startInstalledPostgres(version);
  const { port, username } = new URL(postgres.superuserUrl);
  const password = 'admin-password';
  const open: Client[] = [];
  const connect = async (connectionString: string) => {
    const client = new Client({ connectionString });
    client.on('error', () => undefined);
    await client.connect();
    open.push(client);
    return client;
  };
  const superuser = (database: string) =>
    connect(Object.assign(new URL(postgres.superuserUrl), { pathname: `/${database}` }).href);
  const first = await superuser('postgres');
  await first.query(`CREATE ROLE plain_admin LOGIN CREATEDB CREATEROLE PASSWORD '${password}'`);
  // As RDS has it, and as its administrator is given it for databases by IAM.
  const { rowCount } = await first.query("SELECT FROM pg_roles WHERE rolname = 'rds_iam'");
  if (rowCount === 0) await first.query('CREATE ROLE rds_iam');
  await first.query('GRANT rds_iam TO plain_admin WITH ADMIN OPTION');
  return {
    port: Number(port),
    password,
    superuser: username,
    run: async (statements, database = 'postgres') => {
      const connection = { host: '127.0.0.1', port: Number(port), database, user: 'plain_admin', password, tls: false };
      const answer = await runSql({ connection, statements });
      if (answer.kind === 'failed') throw Object.assign(new Error(answer.message), { code: answer.code });
      return answer.results;
    },
    as: (user, secret, database) =>
      connect(`postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`),
    asSuperuser: (database = 'postgres') => superuser(database),
    stop: async () => {
      await Promise.all(open.map((client) => client.end().catch(() => undefined)));
      await postgres.stop();
    },
  };
};
