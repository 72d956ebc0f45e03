import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { nearest } from '../configuration/nearest.ts';
import type { Application } from './application.ts';
import type { Variable } from './container.ts';
import type { Runtime } from './runtime.ts';

/** What one application says about itself: every name is declared once, and every name it uses is declared. */
export const checkReferences = (application: Application): readonly Finding[] => [
  ...repeatedNames(application),
  ...application.runtimes.flatMap((runtime, index) => targetContainers(runtime, ['runtimes', index])),
  ...containersOf(application).flatMap(({ envVars, keys }) => [
    ...repeated(envVars, [...keys, 'envVars']),
    ...envVars.flatMap((variable, index) => variableReference(application, variable, [...keys, 'envVars', index])),
  ]),
];

/** Every container of an application, those of migrations included, with its place. */
export const containersOf = (application: Application) => [
  ...application.databases.flatMap(({ postgres: { migrateContainer } }, index) =>
    migrateContainer ? [{ ...migrateContainer, keys: ['databases', index, 'postgres', 'migrateContainer'] }] : [],
  ),
  ...application.runtimes.flatMap(({ containers }, runtime) =>
    containers.map((container, index) => ({ ...container, keys: ['runtimes', runtime, 'containers', index] })),
  ),
];

/** The finding for a name that nobody declared. */
export const unknownName = (keys: Keys, what: string, name: string, known: readonly string[]): Finding =>
  findingAt(
    keys,
    known.length === 0
      ? `there is no ${what} "${name}", nor any other`
      : `there is no ${what} "${name}": known are ${known.join(', ')}`,
    nearest(name, known),
  );

const repeatedNames = ({ runtimes, databases, secrets, blobstores, targets }: Application) => [
  ...repeated(runtimes, ['runtimes']),
  ...runtimes.flatMap(({ containers }, index) => repeated(containers, ['runtimes', index, 'containers'])),
  ...repeated(databases, ['databases']),
  ...repeated(secrets, ['secrets']),
  ...repeated(blobstores, ['blobstores']),
  ...repeated(targets, ['targets']),
];

const repeated = (items: readonly { readonly name: string }[], keys: Keys): Finding[] =>
  items.flatMap(({ name }, index) => {
    const first = items.findIndex((item) => item.name === name);
    return first === index ? [] : [findingAt([...keys, index, 'name'], `"${name}" is declared twice (see [${first}])`)];
  });

const targetContainers = ({ routes, subscriptions, containers }: Runtime, keys: Keys): Finding[] => {
  const known = containers.map(({ name }) => name);
  const check = (key: string, items: readonly { readonly targetContainer?: string | undefined }[]) =>
    items.flatMap(({ targetContainer }, index) =>
      targetContainer === undefined || known.includes(targetContainer)
        ? []
        : [unknownName([...keys, key, index, 'targetContainer'], 'container', targetContainer, known)],
    );
  return [...check('routes', routes), ...check('subscriptions', subscriptions)];
};

const variableReference = (
  application: Application,
  { database, secret, blobstore }: Variable,
  keys: Keys,
): Finding[] => [
  ...declared(database?.databaseName, 'database', application.databases, [...keys, 'database', 'databaseName']),
  ...declared(secret?.secretName, 'secret', application.secrets, [...keys, 'secret', 'secretName']),
  ...declared(blobstore?.name, 'blobstore', application.blobstores, [...keys, 'blobstore', 'name']),
];

const declared = (name: string | undefined, what: string, items: readonly { readonly name: string }[], keys: Keys) => {
  const known = items.map((item) => item.name);
  return name === undefined || known.includes(name) ? [] : [unknownName(keys, what, name, known)];
};
