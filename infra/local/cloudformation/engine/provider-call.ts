import { createHash } from 'node:crypto';
import { type Properties, type Resource, ResourceFailure, type ResourceRequest } from '../../part.ts';
import type { Blueprint, Physical } from '../records.ts';
import type { Verb } from '../role-question.ts';
import { checkProperties, findingWords } from '../specification/check-properties.ts';
import { withSecrets } from '../template/dynamic-references.ts';
import { pause, type Run, unlessStopped } from './context.ts';

interface Call {
  readonly logicalId: string;
  readonly blueprint: Blueprint;
  /** Of an update. */
  readonly previous?: Properties;
  /** Written down before the provider is called; after a delay that may be cancelled. */
  starting(): void;
}

export const createWith = (run: Run, call: Call): Promise<Resource> =>
  calling(run, 'create', call, undefined, (request, provider) => provider.create(request));

export const updateWith = (run: Run, call: Call, physicalId: string, previous: Properties): Promise<Resource> =>
  calling(run, 'update', { ...call, previous }, physicalId, (request, provider) =>
    provider.update({ ...request, physicalId, previous: withSecretsWhereFound(run, previous) }),
  );

export const deleteWith = (run: Run, logicalId: string, physical: Physical): Promise<void> =>
  calling(
    run,
    'delete',
    { logicalId, blueprint: physical, starting: () => {} },
    physical.physicalId,
    (request, provider) => provider.delete({ ...request, physicalId: physical.physicalId }),
  );

const calling = async <T>(
  run: Run,
  verb: Verb,
  { logicalId, blueprint, previous, starting }: Call,
  physicalId: string | undefined,
  act: (request: ResourceRequest, provider: NonNullable<ReturnType<Run['providerOf']>>) => Promise<T>,
): Promise<T> => {
  await pause(run, `cloudformation.${verb}`, run.signal, blueprint.type);
  run.signal.throwIfAborted();
  const { operation, providerOf, authorizeRole } = run;
  const provider = providerOf(blueprint.type);
  if (!provider) throw new Error(`Nothing here makes ${blueprint.type} any more`);
  const { type } = blueprint;
  const seed = seedOf(operation.stackId, logicalId, blueprint.generation);
  const stackName = stackNameOf(operation.stackId);
  if (verb !== 'delete') refuseInvalid(logicalId, blueprint);
  if (operation.roleArn) {
    const { properties } = blueprint;
    authorizeRole(operation.roleArn, { verb, type, logicalId, properties, physicalId, previous, stackName, seed });
  }
  const request: ResourceRequest = {
    ...{ type, logicalId, stackName, seed },
    // A delete must not fail because a secret that the resource once read is gone.
    properties:
      verb === 'delete'
        ? withSecretsWhereFound(run, blueprint.properties)
        : (withSecrets(blueprint.properties, run.readSecret) as Properties),
    stackId: operation.stackId,
    signal: run.signal,
  };
  starting();
  const fault = run.faults.strike({ stackName, logicalId, phase: operation.phase, verb });
  if (fault && !fault.late) throw new Error(fault.reason);
  const done = await unlessStopped(run.stopping, act(request, provider));
  if (fault) throw lateFailure(fault.reason, verb === 'create' ? (done as Resource) : undefined);
  return done;
};

/** In the words that a resource's event has at AWS when its properties do not fit its type. */
const refuseInvalid = (logicalId: string, { type, properties }: Blueprint) => {
  const found = checkProperties(type, properties).map(findingWords);
  if (found.length)
    throw new Error(`Properties validation failed for resource ${logicalId} with message:\n${found.join('\n')}`);
};

/** A create that fails after its work names what it has made. */
const lateFailure = (reason: string, made: Resource | undefined): Error =>
  made ? new ResourceFailure(reason, made.physicalId) : new Error(reason);

const withSecretsWhereFound = (run: Run, properties: Properties): Properties =>
  withSecrets(properties, (secretId, jsonKey) => run.readSecret(secretId, jsonKey) ?? '') as Properties;

/** 32 hexadecimal characters. */
const seedOf = (stackId: string, logicalId: string, generation: number): string =>
  createHash('sha256').update(`${stackId}\0${logicalId}\0${generation}`).digest('hex').slice(0, 32);

const stackNameOf = (stackId: string): string => stackId.split('/')[1] ?? stackId;
