import { StepFailure } from '../domain/failure.ts';
import type { DatabaseRecord, Ports } from '../ports.ts';
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
  const name = `/${release.environment}/${release.application}/postgres/${key}`;
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
  throw new StepFailure({
    code: 'DatabaseTaken',
    message: `Database ${database.databaseName} belongs to application ${written.record?.application ?? 'unknown'}, not to ${release.application}`,
    left: 'Nothing was changed',
    remedy: 'Give one of the two another dbNameSuffix',
  });
};

/** ARN of the secret that holds the application's own login. */
export const databaseSecret = async (ports: Pick<Ports, 'databases'>, context: StepContext, key: string) =>
  (await databaseRecord(ports, context, key)).secretArn;
