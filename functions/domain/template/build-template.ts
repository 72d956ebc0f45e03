import { bucket } from './bucket.ts';
import { type Build, type BuildInput, buildFrom, type Resources } from './build.ts';
import { builtDatabase } from './database.ts';
import { imageOf } from './image.ts';
import { inKeyOrder } from './key-order.ts';
import { listenerRules, type Rule } from './listener-rule.ts';
import { proxiedFor } from './migration-sidecar.ts';
import { declaredParameters, usedParameters } from './parameters.ts';
import { messageQueue } from './queue.ts';
import { referencesOf } from './references.ts';
import { role } from './role.ts';
import { appSecret } from './secret.ts';
import { securityGroup } from './security-group.ts';
import { service } from './service.ts';
import { hasSidecar, sidecarImage } from './sidecar.ts';
import { routeTargets, targetGroup } from './target-group.ts';
import { taskDefinition } from './task-definition.ts';
import type { BuiltApplication, Parameter } from './template.ts';
import { findUnsupported, notSupported } from './unsupported.ts';

/**
 * The CloudFormation template of an application in an environment, and everything that stands beside it. Equal input
 * gives equal bytes. The input has passed `checkApplication`.
 * @throws when it has not: something is not supported, two resources would share an id, or a name leads nowhere.
 */
export const buildTemplate = (input: BuildInput): BuiltApplication => {
  const build = buildFrom(input);
  const { application } = build;
  const [unsupported] = findUnsupported(application);
  if (unsupported) throw notSupported(unsupported.message);

  const rules = application.runtimes.flatMap((runtime) => listenerRules(runtime, build));
  const resources = allResources(build, rules);
  const { names } = referencesOf(resources);
  const parameters = usedParameters(names, rules, build);
  assertWhole(names, resources, parameters);
  return {
    template: inKeyOrder({
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `${application.name} in ${build.environment.fullName}`,
      Parameters: declaredParameters(parameters),
      Resources: resources,
    }),
    parameters,
    databases: application.databases
      .map((database) => builtDatabase(database, build))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    images: imagesOf(build),
    quickMode: application.deploymentConfig.quickMode,
    ...(application.deploymentConfig.mode && { mode: application.deploymentConfig.mode }),
  };
};

const allResources = (build: Build, rules: readonly Rule[]): Resources =>
  union([
    ...build.application.runtimes.flatMap((runtime) => {
      const own = listenerRules(runtime, build);
      return [
        taskDefinition(runtime, build),
        role(runtime, build),
        securityGroup(runtime, build),
        service(runtime, own, build),
        ...routeTargets(runtime).map((target) => targetGroup(target, build)),
        messageQueue(runtime, build),
      ];
    }),
    ...rules.map((rule) => rule.resources),
    ...build.application.blobstores.map((blobstore) => bucket(blobstore, build)),
    ...build.application.secrets.map(({ name }) => appSecret(name, build)),
  ]);

/** Resources of the same id would replace each other in silence. */
const union = (parts: readonly Resources[]): Resources => {
  const entries = parts.flatMap((part) => Object.entries(part));
  const ids = entries.map(([id]) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`Two resources of the application share the logical id ${twice}`);
  return Object.fromEntries(entries);
};

const assertWhole = (names: ReadonlySet<string>, resources: Resources, parameters: readonly Parameter[]) => {
  const known = new Set([...Object.keys(resources), ...parameters.map(({ name }) => name)]);
  for (const name of names)
    if (!known.has(name)) throw new Error(`The template refers to ${name}, which nothing declares: check it first`);
};

const imagesOf = (build: Build): readonly string[] => {
  const { runtimes, databases } = build.application;
  const migrations = databases.flatMap(({ postgres: { migrateContainer } }) => migrateContainer ?? []);
  const containers = [...runtimes.flatMap((runtime) => runtime.containers), ...migrations];
  const images = containers.map((container) => imageOf(container, build));
  const hasBeside =
    runtimes.some((runtime) => hasSidecar(runtime, build)) ||
    migrations.some((container) => proxiedFor(container, build).length > 0);
  return [...new Set([...images, ...(hasBeside ? [sidecarImage(build.cluster)] : [])])].sort();
};
