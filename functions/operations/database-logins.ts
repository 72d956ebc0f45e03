import { readServerLogin, type ServerLogin, databaseSecret as secretDocument } from '../domain/database/secret.ts';
import { loginStatements } from '../domain/database/upsert.ts';
import { Transient } from '../domain/failure.ts';
import type { DatabaseRecord, Ports, SqlStatement } from '../ports.ts';
import type { DatabaseServer } from './database-server.ts';
import type { StepContext } from './step-context.ts';

/** Who a secret lets in; undefined when there is no login in it. */
export const loginIn = async (
  { aws }: Pick<StepContext, 'aws'>,
  secretArn: string,
): Promise<ServerLogin | undefined> => {
  const kept = await aws.secrets.read(secretArn);
  return kept ? readServerLogin(kept) : undefined;
};

export interface NewLogin {
  readonly databaseName: string;
  readonly secretArn: string;
  readonly login: string;
  readonly settings?: readonly SqlStatement[];
}

/** Each round means that another call of the step, believed dead, has set a password of its own in between. */
const MOST_ROUNDS = 5;

/**
 * A login with a new password: made, or mended where a crash left it half made; then its secret is written. Two calls of a
 * step may do so at the same time: whoever is last finds that the two passwords are not one, and makes another.
 */
export const makeLogin = async (
  ports: Pick<Ports, 'password' | 'hash'>,
  context: Pick<StepContext, 'aws'>,
  server: DatabaseServer,
  wanted: NewLogin,
): Promise<void> => {
  const { databaseName, secretArn, login, settings = [] } = wanted;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const password = ports.password();
    await server.run([...loginStatements(databaseName, login, password), ...settings]);
    const document = secretDocument({ ...server.login, user: login, password, database: databaseName });
    await context.aws.secrets.write(secretArn, document, ports.hash(document).slice(0, 64));
    if (!(await isShutOut(context, server, wanted))) return;
  }
  throw new Transient('Unavailable', `The password of ${login} is set by others faster than it can be kept`);
};

/** PostgreSQL's code for a password that is not the role's. */
const INVALID_PASSWORD = '28P01';

/** Whether what the secret holds by now is not the role's password. */
const isShutOut = async (
  context: Pick<StepContext, 'aws'>,
  { login: place }: DatabaseServer,
  { secretArn, databaseName: database }: NewLogin,
): Promise<boolean> => {
  const kept = await loginIn(context, secretArn);
  if (!kept) return false;
  const { user, password } = kept;
  const answer = await context.aws.sql.run({ ...place, user, password, database }, [{ text: 'SELECT 1' }]);
  return answer.kind === 'failed' && answer.code === INVALID_PASSWORD;
};

export const rememberLogin = async (
  { databases }: Pick<Ports, 'databases'>,
  record: DatabaseRecord,
  login: string,
): Promise<void> => {
  if (record.login !== login) await databases.put({ ...record, login });
};
