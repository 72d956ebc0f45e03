import { loginChanged, standingLogins, standsAgainst } from '../domain/database/login-kind.ts';
import { applicationLogin, migratorLogin } from '../domain/database/logins.ts';
import {
  adoptDatabase,
  createDatabase,
  extensionStatements,
  findDatabase,
  iamLoginStatements,
  migratorSettings,
  roleStatements,
} from '../domain/database/upsert.ts';
import { StepFailure } from '../domain/failure.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { loginIn, makeLogin, type NewLogin, rememberLogin } from './database-logins.ts';
import { databaseRecord, secretsOf } from './database-secrets.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepContext, type StepInput } from './step-context.ts';

export type UpsertPorts = RunStepPorts & Pick<Ports, 'databases' | 'password' | 'hash'>;

/** Makes, or mends, everything a database needs: role, database, extensions, two logins and, by password, their secrets. */
export const pgUpsert = (ports: UpsertPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGUpsert', async (context) => {
    const database = databaseOf(context);
    const record = await databaseRecord(ports, context, database.key);
    const server = await databaseServer(context.cluster, context.aws, database.serverGroup);
    const { databaseName } = database;
    const [found = [], standing = []] = await server.run([findDatabase(databaseName), standingLogins(databaseName)]);
    assertGoesTogether(database, standing);
    await server.run(roleStatements(database));
    await server.run(found.length > 0 ? adoptDatabase(databaseName) : createDatabase(databaseName));
    if (database.extensions.length > 0) await server.run(extensionStatements(database), databaseName);
    const secrets = secretsOf(record);
    const login = secrets
      ? await keepLogins(ports, context, server, { databaseName, ...secrets })
      : await letInByIam(server, databaseName);
    await rememberLogin(ports, record, login);
    return { answer: {}, outputs: { database: databaseName, login } };
  });

/** The record knows how Slipway made a database; of one that somebody else made only the server can tell. */
const assertGoesTogether = (database: ReleaseDatabase, standing: Parameters<typeof standsAgainst>[0]) => {
  const against = standsAgainst(standing, database);
  if (against === undefined) return;
  const { message, remedy } = loginChanged(database);
  throw new StepFailure({
    code: 'DatabaseLoginChanged',
    message: `${message} (on the server ${against})`,
    left: 'Nothing was changed on the server',
    remedy,
  });
};

/** The application logs in as the role itself, so that only the migrator's login is made. */
const letInByIam = async (server: DatabaseServer, databaseName: string): Promise<string> => {
  const migrator = migratorLogin(databaseName);
  await server.run([...iamLoginStatements(databaseName, migrator), ...migratorSettings(migrator)]);
  return databaseName;
};

const keepLogins = async (
  ports: Pick<Ports, 'password' | 'hash'>,
  context: StepContext,
  server: DatabaseServer,
  { databaseName, own, migrator }: { readonly databaseName: string; readonly own: string; readonly migrator: string },
): Promise<string> => {
  const application = await keepLogin(ports, context, server, {
    databaseName,
    secretArn: own,
    login: applicationLogin(databaseName, 1),
  });
  await keepLogin(ports, context, server, {
    databaseName,
    secretArn: migrator,
    login: migratorLogin(databaseName),
    settings: migratorSettings(migratorLogin(databaseName)),
  });
  return application;
};

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
