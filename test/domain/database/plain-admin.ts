import { Client } from 'pg';
import { runSql } from '../../../functions/adapters/postgres/sql-function.ts';
import type { Statement } from '../../../functions/domain/database/statement.ts';
import type { SqlAnswer } from '../../../functions/ports.ts';
import { startTestPostgres } from '../../support/postgres.ts';
import { askKept } from './ask-kept.ts';
import { installedVersions, startInstalledPostgres } from './installed-postgres.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface AdminServer {
  readonly version: string;
  readonly port: number;
  readonly password: string;
  readonly superuser: string;
  /** As the admin, statement by statement; throws what PostgreSQL refuses. */
  run(statements: readonly Statement[], database?: string): Promise<readonly Rows[]>;
  /** The same, with the answer of the function `sql`. */
  ask(statements: readonly Statement[], database?: string): Promise<SqlAnswer>;
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
  const as = (user: string, secret: string, database: string) =>
    connect(`postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`);
  // A login costs more than most lists of statements, and the statements are what is tested here.
  const kept = await as('plain_admin', password, 'postgres');
  const ask: AdminServer['ask'] = (statements, database = 'postgres') => {
    if (database === 'postgres') return askKept(kept, statements);
    const connection = { host: '127.0.0.1', port: Number(port), database, user: 'plain_admin', password, tls: false };
    return runSql({ connection, statements });
  };
  return {
    version,
    port: Number(port),
    password,
    superuser: username,
    run: async (statements, database) => {
      const answer = await ask(statements, database);
      if (answer.kind === 'failed') throw Object.assign(new Error(answer.message), { code: answer.code });
      return answer.results;
    },
    ask,
    as,
    asSuperuser: (database = 'postgres') => superuser(database),
    stop: async () => {
      await Promise.all(open.map((client) => client.end().catch(() => undefined)));
      await postgres.stop();
    },
  };
};

/**
 * The same server, on which making a database takes a third of the time: for proofs that make dozens of them. Before 15
 * there was one way alone to make one.
 */
export const copyingFiles = (server: AdminServer): AdminServer =>
  Number(server.version) < 15
    ? server
    : {
        ...server,
        ask: (statements, database) => server.ask(statements.map(copied), database),
        run: (statements, database) => server.run(statements.map(copied), database),
      };

const copied = (statement: Statement): Statement =>
  statement.text.startsWith('CREATE DATABASE')
    ? { ...statement, text: `${statement.text} STRATEGY FILE_COPY` }
    : statement;
