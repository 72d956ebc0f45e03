import { applicationLogin, migratorLogin } from '../domain/database/logins.ts';
import { readServerLogin, databaseSecret as secretDocument } from '../domain/database/secret.ts';
import {
  adoptDatabase,
  createDatabase,
  extensionStatements,
  findDatabase,
  loginStatements,
  migratorSettings,
  roleStatements,
} from '../domain/database/upsert.ts';
import type { DatabaseRecord, Ports, SqlStatement } from '../ports.ts';
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
      settings: [],
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

interface Login {
  readonly databaseName: string;
  readonly secretArn: string;
  /** The one to make when the secret has none yet. */
  readonly login: string;
  readonly settings: readonly SqlStatement[];
}

/** A login whose password stands in its secret stays; one that a crash left half made gets a new password. */
const keepLogin = async (
  ports: Pick<Ports, 'password' | 'hash'>,
  { aws }: StepContext,
  server: DatabaseServer,
  { databaseName, secretArn, login, settings }: Login,
): Promise<string> => {
  const kept = await aws.secrets.read(secretArn);
  const known = kept && readServerLogin(kept);
  if (known) return known.user;
  const password = ports.password();
  await server.run([...loginStatements(databaseName, login, password), ...settings]);
  const document = secretDocument({ ...server.login, user: login, password, database: databaseName });
  await aws.secrets.write(secretArn, document, ports.hash(document).slice(0, 64));
  return login;
};

const rememberLogin = async ({ databases }: Pick<Ports, 'databases'>, record: DatabaseRecord, login: string) => {
  if (record.login !== login) await databases.put({ ...record, login });
};
