import type { Properties, Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { isObject } from './data/json.ts';
import type { Engine } from './engine.ts';
import { createMachine, deleteMachine, type MachineSpec, updateMachine } from './machine-changes.ts';
import type { MachineRow } from './machine-table.ts';
import { uuidFrom } from './seed.ts';
import type { VersionTable } from './version-table.ts';

/** AWS::StepFunctions::StateMachine; properties that change nothing here (tags, logging) are kept as they were written. */
export const stateMachineResource = (
  world: World,
  engine: Engine,
  versions: Pick<VersionTable, 'removeAll'>,
): ResourceProvider => ({
  create: async (request) => resourceOf(createMachine(world, engine, specOf(request))),
  update: async (request) => {
    const { name: _, ...changes } = specOf(request);
    return resourceOf(updateMachine(world, engine, request.physicalId, changes));
  },
  delete: async ({ physicalId }) => {
    deleteMachine(engine, physicalId);
    versions.removeAll(physicalId);
  },
});

const resourceOf = ({ arn, name, revisionId }: MachineRow): Resource => ({
  physicalId: arn,
  attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId ?? 'INITIAL' },
});

const specOf = ({ properties, logicalId, seed }: ResourceRequest): MachineSpec => {
  if (properties['StateMachineType'] === 'EXPRESS') {
    throw new AwsError(
      'StateMachineTypeNotSupported',
      `${logicalId}: the embedded cloud runs STANDARD state machines only`,
    );
  }
  return {
    // as CloudFormation names what the template leaves unnamed
    name: String(properties['StateMachineName'] ?? `${logicalId.slice(0, 60)}-${uuidFrom(seed).slice(-12)}`),
    definition: definitionOf(properties, logicalId),
    roleArn: String(properties['RoleArn'] ?? ''),
    ...configurationOf('loggingConfiguration', properties['LoggingConfiguration']),
    ...configurationOf('tracingConfiguration', properties['TracingConfiguration']),
  };
};

const configurationOf = (name: string, value: unknown) => (isObject(value) ? { [name]: value } : {});

const definitionOf = (properties: Properties, logicalId: string): string => {
  const { DefinitionString, Definition, DefinitionSubstitutions } = properties;
  const text =
    typeof DefinitionString === 'string' ? DefinitionString : isObject(Definition) ? JSON.stringify(Definition) : '';
  if (!text) {
    throw new AwsError(
      'ValidationError',
      `${logicalId}: give it a DefinitionString or a Definition (S3 is not read here)`,
    );
  }
  const values = isObject(DefinitionSubstitutions) ? DefinitionSubstitutions : {};
  return text.replace(/\$\{([A-Za-z0-9_-]+)\}/g, (whole, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value === undefined ? whole : inString(String(value));
  });
};

/** A value that is put into JSON text keeps the text JSON. */
const inString = (value: string) => JSON.stringify(value).slice(1, -1);
