import { applicationLogin, migratorLogin } from '../domain/database/logins.ts';
import {
  adoptDatabase,
  createDatabase,
  extensionStatements,
  findDatabase,
  migratorSettings,
  roleStatements,
} from '../domain/database/upsert.ts';
import type { Ports } from '../ports.ts';
import { loginIn, makeLogin, type NewLogin, rememberLogin } from './database-logins.ts';
import { databaseRecord } from './database-secrets.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepContext, type StepInput } from './step-context.ts';

export type UpsertPorts = RunStepPorts & Pick<Ports, 'databases' | 'password' | 'hash'>;

/** Makes, or mends, everything a database needs: role, database, extensions, two logins and their secrets. */
export const pgUpsert = (ports: UpsertPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGUpsert', async (context) => {
    const database = databaseOf(context);
    const record = await databaseRecord(ports, context, database.key);
    const server = await databaseServer(context.cluster, context.aws, database.serverGroup);
    const { databaseName } = database;
    await server.run(roleStatements(database));
    const [found = []] = await server.run([findDatabase(databaseName)]);
    await server.run(found.length > 0 ? adoptDatabase(databaseName) : createDatabase(databaseName));
    if (database.extensions.length > 0) await server.run(extensionStatements(database), databaseName);
    const application = await keepLogin(ports, context, server, {
      databaseName,
      secretArn: record.secretArn,
      login: applicationLogin(databaseName, 1),
    });
    await keepLogin(ports, context, server, {
      databaseName,
      secretArn: record.migratorSecretArn,
      login: migratorLogin(databaseName),
      settings: migratorSettings(migratorLogin(databaseName)),
    });
    await rememberLogin(ports, record, application);
    return { answer: {}, outputs: { database: databaseName, login: application } };
  });

/** A login whose password stands in its secret stays; one that a crash left half made gets a new password. */
const keepLogin = async (
  ports: Pick<Ports, 'password' | 'hash'>,
  context: StepContext,
  server: DatabaseServer,
  wanted: NewLogin,
): Promise<string> => {
  const known = await loginIn(context, wanted.secretArn);
  if (known) return known.user;
  await makeLogin(ports, context, server, wanted);
  return wanted.login;
};
