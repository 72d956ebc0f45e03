import { loginChanged } from '../domain/database/login-kind.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Release, ReleaseDatabase } from '../domain/release.ts';
import type { DatabaseRecord, Ports } from '../ports.ts';
import type { Planning } from './planning.ts';
import type { StepContext } from './step-context.ts';

/**
 * The record of a database, with its two secrets made empty when they are missing: CFPlan and PGUpsert both may come
 * first, and the template needs the ARN before the login exists. A database by IAM has none.
 * @throws StepFailure DatabaseTaken, DatabaseLoginChanged
 */
export const databaseRecord = async (
  ports: Pick<Ports, 'databases'>,
  context: StepContext,
  key: string,
): Promise<DatabaseRecord> => {
  const known = await standingRecord(ports, context, key);
  const database = getDatabase(context, key);
  if (isByIam(known) === (database.iam === true)) return known;
  if (known.login !== undefined) throw changed(database);
  // Nobody has a login: it was destroyed, or never finished.
  return claimed(ports, context, database);
};

/** The same, however one logged in when it was written: to take the database away that does not matter. */
export const standingRecord = async (
  ports: Pick<Ports, 'databases'>,
  context: StepContext,
  key: string,
): Promise<DatabaseRecord> => {
  const database = getDatabase(context, key);
  const { environment, application } = context.release;
  const known = await ports.databases.find(environment, database.databaseName);
  return known?.application === application ? known : claimed(ports, context, database);
};

/** ARN of the secret that holds the application's own login; none for a database by IAM. */
export const databaseSecret = async (ports: Pick<Ports, 'databases'>, context: StepContext, key: string) =>
  (await databaseRecord(ports, context, key)).secretArn;

/** Both secrets of a database; undefined where one logs in by IAM. */
export const secretsOf = ({ secretArn, migratorSecretArn }: DatabaseRecord) =>
  secretArn !== undefined && migratorSecretArn !== undefined
    ? { own: secretArn, migrator: migratorSecretArn }
    : undefined;

/** The same as `databaseSecret` for a preview, which makes nothing: a secret that is missing stands there under the name it will have. */
export const foreseenSecret = async (
  { databases }: Pick<Ports, 'databases'>,
  { release, cluster, aws }: Pick<Planning, 'release' | 'cluster' | 'aws'>,
  key: string,
): Promise<string | undefined> => {
  const database = getDatabase({ release }, key);
  const known = await databases.find(release.environment, database.databaseName);
  if (known && known.application !== release.application)
    throw taken(database.databaseName, known.application, release);
  if (known?.login !== undefined && isByIam(known) !== (database.iam === true)) throw changed(database);
  if (database.iam) return undefined;
  const { awsRegion, awsAccount } = cluster.aws;
  const name = secretName(release, key);
  const found = known?.secretArn ?? (await aws.secrets.find(name));
  return found ?? `arn:aws:secretsmanager:${awsRegion}:${awsAccount}:secret:${name}`;
};

const getDatabase = ({ release }: Pick<Planning, 'release'>, key: string): ReleaseDatabase => {
  const database = release.databases.find((candidate) => candidate.key === key);
  if (database) return database;
  throw new StepFailure({ code: 'RecordMissing', message: `The release has no database ${key}` });
};

const isByIam = (record: DatabaseRecord): boolean => secretsOf(record) === undefined;

/** Makes the record the application's, and what belongs to it. */
const claimed = async (
  { databases }: Pick<Ports, 'databases'>,
  { release, aws }: Pick<StepContext, 'release' | 'aws'>,
  database: ReleaseDatabase,
): Promise<DatabaseRecord> => {
  const { environment, application } = release;
  const { databaseName, key, serverGroup, iam } = database;
  const secrets = iam ? {} : await emptySecrets(aws, release, key);
  const written = await databases.put({ environment, databaseName, application, key, serverGroup, ...secrets });
  if (written.kind !== 'refused') return written.record;
  throw taken(databaseName, written.record?.application ?? 'unknown', release);
};

const emptySecrets = async ({ secrets }: StepContext['aws'], release: Release, key: string) => {
  const { application } = release;
  const name = secretName(release, key);
  const [secretArn, migratorSecretArn] = await Promise.all([
    secrets.getOrCreate(name, `Login of ${application} for its database ${key}`),
    secrets.getOrCreate(`${name}/migrate`, `Login of the migrations of ${application}'s database ${key}`),
  ]);
  return { secretArn, migratorSecretArn };
};

const secretName = ({ environment, application }: Release, key: string) =>
  `/${environment}/${application}/postgres/${key}`;

const taken = (databaseName: string, owner: string, { application }: Release) =>
  new StepFailure({
    code: 'DatabaseTaken',
    message: `Database ${databaseName} belongs to application ${owner}, not to ${application}`,
    left: 'Nothing was changed',
    remedy: 'Give one of the two another dbNameSuffix',
  });

const changed = (database: ReleaseDatabase) => {
  const { message, remedy } = loginChanged(database);
  return new StepFailure({ code: 'DatabaseLoginChanged', message, left: 'Nothing was changed', remedy });
};
