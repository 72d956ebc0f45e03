import { isLoginOf } from '../../functions/domain/database/logins.ts';
import { databaseName } from '../../functions/domain/template/names.ts';
import { credentials } from '../../functions/domain/template/proxied-name.ts';
import { assembledMigration, type Declared } from './assembled-container.ts';
import { type AssembledRuntime, assembledRuntimes } from './assembled-runtime.ts';
import { type Parts, picked } from './random-parts.ts';

/** The document of an application whose names all lead somewhere, and that stays within the limits of AWS. */
export const assembled = (parts: Parts): object => {
  const databases = fittingDatabases(parts);
  const blobstores = fittingBlobstores(parts);
  const declared: Declared = {
    databases: databases.map(({ name }) => name),
    blobstores: blobstores.map(({ name }) => name),
    secrets: parts.secrets,
    vars: parts.environment.vars.map(({ name }) => name),
  };
  const runtimes = assembledRuntimes(parts, declared);
  return pruned({
    name: parts.name,
    targets: parts.targets.map((name) => ({ name })),
    blobstores: blobstores.map(({ name, ref, grants, emitEvents }) => ({
      name,
      emitEvents,
      ...(ref ? { ref: { ...ref.to, ...ref.rights } } : { grants: grantsOf(grants, parts) }),
    })),
    databases: databases.map(({ name, suffix, group, extensions, migrate, migrations, outbox }) => ({
      name,
      postgres: {
        dbNameSuffix: suffix,
        serverGroup: group,
        dbExtensions: extensions,
        migrateContainer: migrate && assembledMigration(migrate, declared),
        migrations,
        ...(isUsed(name, runtimes) && outbox),
      },
    })),
    runtimes,
    secrets: parts.secrets.map((name) => ({ name })),
    deploymentConfig: { quickMode: parts.quickMode, mode: parts.mode && { use: parts.mode, reason: 'for a reason' } },
  });
};

/** Real names of at most 55 characters, since logins are longer, each once and none that of a login, and no two by one name to a sidecar. */
const fittingDatabases = ({ name: application, environment, databases }: Parts) => {
  const taken = new Set<string>();
  return databases.filter(({ name, suffix = name }) => {
    const names = [databaseName(environment.fullName, application, suffix), credentials(name)];
    if (names.some((one) => one.length > 55 || taken.has(one))) return false;
    if (names.some((one) => [...taken].some((other) => isLoginOf(other, one) || isLoginOf(one, other)))) return false;
    for (const one of names) taken.add(one);
    return true;
  });
};

const fittingBlobstores = ({ name: application, environment, blobstores }: Parts) =>
  blobstores.filter(({ name }) => `${name}.${application}.${environment.fullName}.eu-central-1.ns`.length <= 63);

const grantsOf = (picks: readonly number[], { environment }: Parts) =>
  picks.flatMap((pick) => picked(environment.aws.grantPrincipals, pick) ?? []).map(({ name }) => ({ principal: name }));

/** An outbox is sent by a runtime that names its database. */
const isUsed = (database: string, runtimes: readonly AssembledRuntime[]) =>
  runtimes.some(({ containers }) =>
    containers.some(({ envVars }) =>
      envVars.some((variable) => 'database' in variable && variable.database.databaseName === database),
    ),
  );

/** As in a file, where a key that says nothing is not there. */
const pruned = (document: object): object => JSON.parse(JSON.stringify(document));
