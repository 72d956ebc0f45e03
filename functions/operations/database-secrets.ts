import { StepFailure } from '../domain/failure.ts';
import type { Release } from '../domain/release.ts';
import type { DatabaseRecord, Ports } from '../ports.ts';
import type { Planning } from './planning.ts';
import type { StepContext } from './step-context.ts';

/**
 * The record of a database, with its two secrets made empty when they are missing: CFPlan and PGUpsert both may come
 * first, and the template needs the ARN before the login exists.
 */
export const databaseRecord = async (
  { databases }: Pick<Ports, 'databases'>,
  { release, aws }: StepContext,
  key: string,
): Promise<DatabaseRecord> => {
  const database = release.databases.find((candidate) => candidate.key === key);
  if (!database) throw new StepFailure({ code: 'RecordMissing', message: `The release has no database ${key}` });
  const known = await databases.find(release.environment, database.databaseName);
  if (known?.application === release.application) return known;
  const name = secretName(release, key);
  const [secretArn, migratorSecretArn] = await Promise.all([
    aws.secrets.getOrCreate(name, `Login of ${release.application} for its database ${key}`),
    aws.secrets.getOrCreate(`${name}/migrate`, `Login of the migrations of ${release.application}'s database ${key}`),
  ]);
  const written = await databases.put({
    environment: release.environment,
    databaseName: database.databaseName,
    application: release.application,
    key,
    serverGroup: database.serverGroup,
    secretArn,
    migratorSecretArn,
  });
  if (written.kind !== 'refused') return written.record;
  throw taken(database.databaseName, written.record?.application ?? 'unknown', release);
};

/** ARN of the secret that holds the application's own login. */
export const databaseSecret = async (ports: Pick<Ports, 'databases'>, context: StepContext, key: string) =>
  (await databaseRecord(ports, context, key)).secretArn;

/** The same for a preview, which makes nothing: a secret that is missing stands there under the name it will have. */
export const foreseenSecret = async (
  { databases }: Pick<Ports, 'databases'>,
  { release, cluster, aws }: Pick<Planning, 'release' | 'cluster' | 'aws'>,
  key: string,
): Promise<string> => {
  const { databaseName = '' } = release.databases.find((candidate) => candidate.key === key) ?? {};
  const known = await databases.find(release.environment, databaseName);
  if (known && known.application !== release.application) throw taken(databaseName, known.application, release);
  const { awsRegion, awsAccount } = cluster.aws;
  const name = secretName(release, key);
  const found = known?.secretArn ?? (await aws.secrets.find(name));
  return found ?? `arn:aws:secretsmanager:${awsRegion}:${awsAccount}:secret:${name}`;
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
