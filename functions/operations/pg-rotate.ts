import { NO_PASSWORD } from '../domain/database/login-kind.ts';
import { nextLogin } from '../domain/database/logins.ts';
import { findDatabase } from '../domain/database/upsert.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Ports } from '../ports.ts';
import { loginIn, makeLogin, rememberLogin } from './database-logins.ts';
import { databaseRecord, secretsOf } from './database-secrets.ts';
import { databaseServer } from './database-server.ts';
import { keepFindings, rotationKey } from './plan-document.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepInput } from './step-context.ts';

export type RotatePorts = RunStepPorts & Pick<Ports, 'databases' | 'password' | 'hash'>;

/**
 * A new login of the application with the next number, its password in the secret; the old ones still let the running
 * tasks in. Which number is next is decided once: called again, it finishes the same login. By IAM there is nothing to do.
 */
export const pgRotate = (ports: RotatePorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGRotate', async (context) => {
    const { databaseName, serverGroup, key } = databaseOf(context);
    const server = await databaseServer(context.cluster, context.aws, serverGroup);
    const [found = []] = await server.run([findDatabase(databaseName)]);
    if (found.length === 0) throw databaseMissing(databaseName);
    const record = await databaseRecord(ports, context, key);
    const secretArn = secretsOf(record)?.own;
    if (secretArn === undefined) return { answer: {}, outputs: { login: databaseName, rotated: NO_PASSWORD } };
    const kept = await loginIn(context, secretArn);
    const { login } = await keepFindings(ports.documents, rotationKey(input, key), async () => ({
      login: nextLogin(databaseName, kept?.user),
    }));
    if (kept?.user !== login) await makeLogin(ports, context, server, { databaseName, secretArn, login });
    await rememberLogin(ports, record, login);
    return { answer: {}, outputs: { login } };
  });

const databaseMissing = (databaseName: string) =>
  new StepFailure({
    code: 'DatabaseMissing',
    message: `Database ${databaseName} does not exist, so it has no login to rotate`,
    left: 'Nothing was changed',
    remedy: 'Deploy with the strategy full, which makes the database and its logins',
  });
