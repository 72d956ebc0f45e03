import { Client } from 'pg';
import * as z from 'zod';
import { isLoopback } from '../../domain/database/loopback.ts';
import type { SqlAnswer } from '../../ports.ts';
import { authoritiesFor } from './authorities.ts';
import { secretPartsOf, type TokenLogin } from './login-token.ts';

const request = z.object({
  connection: z
    .object({
      host: z.string().min(1),
      port: z.number().int(),
      database: z.string().min(1),
      user: z.string().min(1),
      password: z.string().optional(),
      tls: z.boolean(),
    })
    .refine(({ tls, host }) => tls || isLoopback(host), 'a connection without TLS may not leave the machine'),
  statements: z.array(
    z.object({
      text: z.string().min(1),
      values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])).optional(),
    }),
  ),
  transaction: z.boolean().default(false),
});

type Request = z.output<typeof request>;

/** Signs a token of IAM for a login. */
export type SignLogin = (login: TokenLogin) => Promise<string>;

/** A request with what its connection is opened with. */
interface Wanted extends Request {
  readonly password: string;
  /** What no answer may repeat. */
  readonly secrets: readonly string[];
}

export interface SqlLimits {
  readonly connectMillis: number;
  readonly statementMillis: number;
  readonly lockMillis: number;
}

/** Below the function's own timeout, so that PostgreSQL's answer and not Lambda's is what people read. */
const ordinary: SqlLimits = { connectMillis: 5_000, statementMillis: 25_000, lockMillis: 3_000 };

/**
 * The body of the function `sql`: runs statements in order on one connection and answers with their rows. A connection without a
 * password logs in with a token of IAM, signed anew for each. The certificate of a server and the name in it are checked, as
 * PostgreSQL's `verify-full` does; only this machine is spoken to without TLS. Nothing is logged: statements hold passwords. An
 * answer of `statement: -1` means that the connection failed.
 * @throws ZodError for a request of another form, Error when there is no password and nothing to sign with.
 */
export const runSql = async (
  event: unknown,
  sign: SignLogin = signNothing,
  limits: SqlLimits = ordinary,
): Promise<SqlAnswer> => {
  const wanted = await wantedFrom(request.parse(event), sign);
  const client = clientFor(wanted, limits);
  // A connection that breaks between statements says so here, and again to the statement that meets it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    return failed(-1, error, wanted);
  }
  try {
    return await answerOf(client, wanted);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const signNothing: SignLogin = async ({ user, host }) => {
  throw new Error(`${user} has no password on ${host}, and nothing here signs a token of IAM. Nothing was run.`);
};

const wantedFrom = async (asked: Request, sign: SignLogin): Promise<Wanted> => {
  const { password, host, port, user } = asked.connection;
  const login = password ?? (await sign({ host, port, user }));
  const parts = password === undefined ? secretPartsOf(login) : [login];
  return { ...asked, password: login, secrets: [...parts, ...passwordsIn(asked)] };
};

const clientFor = ({ connection, password }: Wanted, limits: SqlLimits): Client => {
  const { tls, ...where } = connection;
  return new Client({
    ...where,
    password,
    ssl: tls && { ...authoritiesFor(where.host), rejectUnauthorized: true },
    application_name: 'slipway',
    connectionTimeoutMillis: limits.connectMillis,
    statement_timeout: limits.statementMillis,
    lock_timeout: limits.lockMillis,
  });
};

const answerOf = async (client: Client, wanted: Wanted): Promise<SqlAnswer> => {
  const framed = wanted.transaction ? [{ text: 'BEGIN' }, ...wanted.statements, { text: 'COMMIT' }] : wanted.statements;
  const results: Record<string, unknown>[][] = [];
  for (const [at, statement] of framed.entries()) {
    try {
      const { rows } = await client.query(statement.text, values(statement));
      results.push(rows);
    } catch (error) {
      // The connection ends right after this, and with it an open transaction.
      const last = wanted.statements.length - 1;
      return failed(wanted.transaction ? Math.min(Math.max(at - 1, 0), last) : at, error, wanted);
    }
  }
  return { kind: 'rows', results: wanted.transaction ? results.slice(1, -1) : results };
};

const values = (statement: { readonly values?: readonly unknown[] | undefined }): unknown[] | undefined =>
  statement.values === undefined ? undefined : [...statement.values];

const failed = (statement: number, error: unknown, { secrets }: Wanted): SqlAnswer => {
  const { code = 'Unknown', message = 'no message' } = (error ?? {}) as { code?: string; message?: string };
  return { kind: 'failed', statement, code, message: masked(message, secrets) };
};

/** Every literal after the word PASSWORD. */
const passwordsIn = ({ statements }: Request): readonly string[] =>
  statements.flatMap(({ text }) =>
    [...text.matchAll(/\bPASSWORD\s+E?'((?:[^']|'')*)'/gi)].map((match) => (match[1] ?? '').replaceAll("''", "'")),
  );

const masked = (message: string, secrets: readonly string[]): string =>
  secrets.filter((secret) => secret !== '').reduce((text, secret) => text.replaceAll(secret, '***'), message);
