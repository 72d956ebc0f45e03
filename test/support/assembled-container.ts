import { picked, type RandomContainer } from './random-parts.ts';

/** The names that variables of an application may use. */
export interface Declared {
  readonly databases: readonly string[];
  readonly blobstores: readonly string[];
  readonly secrets: readonly string[];
  readonly vars: readonly string[];
}

export const assembledContainer = (
  { image, command, demand, dockerSocket, variables }: RandomContainer,
  declared: Declared,
) => ({
  ...image,
  command,
  demand,
  mountDockerSocket: dockerSocket,
  envVars: variables.map((variable, index) => ({ name: `V_${index}`, ...sourceOf(variable, declared) })),
});

/** A migration runs by itself: it has neither an adapter nor rights to buckets. */
export const assembledMigration = ({ variables, ...container }: RandomContainer, declared: Declared) => {
  const own = variables.filter(({ kind }) => kind !== 'o5' && kind !== 'blobstore');
  return assembledContainer({ ...container, dockerSocket: false, variables: own }, declared);
};

/** Where there is nothing of a kind to name, the variable has a value. */
const sourceOf = (
  { kind, text, key, pick }: RandomContainer['variables'][number],
  { databases, blobstores, secrets, vars }: Declared,
) => {
  const named = (names: readonly string[]) => picked(names, pick);
  const [database, blobstore, secret, variable] = [databases, blobstores, secrets, vars].map(named);
  if (kind === 'database' && database !== undefined) return { database: { databaseName: database } };
  if (kind === 'blobstore' && blobstore !== undefined)
    return { blobstore: { name: blobstore, s3Direct: true, subPath: key } };
  if (kind === 'secret' && secret !== undefined) return { secret: { secretName: secret, jsonKey: key } };
  if (kind === 'fromEnv' && variable !== undefined) return { fromEnv: { name: variable } };
  return kind === 'o5' ? { o5: 'ADAPTER_ENDPOINT' } : { value: text };
};
