import { NO_PASSWORD } from '../domain/database/login-kind.ts';
import { migratorLogin } from '../domain/database/logins.ts';
import { dropLogin, oldLogins, refuseLogin } from '../domain/database/remove.ts';
import { terminateLogin } from '../domain/database/sessions.ts';
import { actAs } from '../domain/database/upsert.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Ports } from '../ports.ts';
import { loginIn } from './database-logins.ts';
import { databaseRecord, secretsOf } from './database-secrets.ts';
import { databaseServer } from './database-server.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepInput } from './step-context.ts';

/** Ends every login of the database but the one in the secret and the migrator's; what they own goes to the database role. */
export const pgRetire = (ports: RunStepPorts & Pick<Ports, 'databases'>, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGRetire', async (context) => {
    const { databaseName, serverGroup, key } = databaseOf(context);
    const secretArn = secretsOf(await databaseRecord(ports, context, key))?.own;
    if (secretArn === undefined) return { answer: {}, outputs: { retired: NO_PASSWORD } };
    const current = await loginIn(context, secretArn);
    if (!current) throw secretMissing(key);
    const server = await databaseServer(context.cluster, context.aws, serverGroup);
    const kept = [current.user, migratorLogin(databaseName)];
    const [rows = []] = await server.run([oldLogins(databaseName, kept)]);
    const old = rows.map(({ login }) => String(login));
    for (const login of old) {
      await server.run([...refuseLogin(login), actAs(login), terminateLogin(login)]);
      await server.run(dropLogin(databaseName, login), databaseName);
    }
    return { answer: {}, outputs: { retired: old.join(', ') } };
  });

/** Without a login that is known to be the new one nobody could say which ones are old. */
const secretMissing = (key: string) =>
  new StepFailure({
    code: 'SecretMissing',
    message: `The secret of database ${key} holds no login any more: somebody emptied it`,
    left: 'No login was ended',
    remedy: 'Deploy with the strategy full, which makes a login, then rotate again',
  });
