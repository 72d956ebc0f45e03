import { letters } from '../generated-name.ts';
import type { Properties, Resource, ResourceProvider, World } from '../part.ts';
import { functionArn, functionReferenceFrom } from './function-arn.ts';
import type { Functions, PermissionRecord } from './functions.ts';

/** What stands beside a function: versions, aliases, permissions and the settings of asynchronous invokes. */
export const versionResources = (world: World, functions: Functions): Readonly<Record<string, ResourceProvider>> => ({
  'AWS::Lambda::Version': versionProvider(world, functions),
  'AWS::Lambda::Alias': aliasProvider(world, functions),
  'AWS::Lambda::Permission': permissionProvider(functions),
  'AWS::Lambda::EventInvokeConfig': eventInvokeProvider(functions),
});

const versionProvider = (world: World, functions: Functions): ResourceProvider => {
  const shown = (physicalId: string): Resource => ({
    physicalId,
    attributes: { Version: functionReferenceFrom(physicalId).qualifier, FunctionArn: physicalId },
  });
  return {
    create: async ({ properties, seed }) => {
      const { record } = functions.resolve(String(properties['FunctionName']));
      const { functionName, version } = functions.publish(record, seed);
      return shown(functionArn(world, { functionName, qualifier: version }));
    },
    update: async ({ physicalId }) => shown(physicalId),
    delete: async ({ physicalId }) => {
      const { functionName, qualifier } = functionReferenceFrom(physicalId);
      functions.versions.delete(`${functionName}/${qualifier}`);
    },
  };
};

const aliasProvider = (world: World, functions: Functions): ResourceProvider => {
  const save = (properties: Properties): Resource => {
    const { functionName } = functionReferenceFrom(String(properties['FunctionName']));
    const version = String(properties['FunctionVersion']);
    functions.resolve(functionName, version);
    functions.aliases.put(`${functionName}/${properties['Name']}`, version);
    const arn = functionArn(world, { functionName, qualifier: String(properties['Name']) });
    return { physicalId: arn, attributes: { AliasArn: arn } };
  };
  return {
    create: async ({ properties }) => save(properties),
    update: async ({ properties }) => save(properties),
    delete: async ({ physicalId }) => {
      const { functionName, qualifier } = functionReferenceFrom(physicalId);
      functions.aliases.delete(`${functionName}/${qualifier}`);
    },
  };
};

const permissionProvider = (functions: Functions): ResourceProvider => {
  const save = (physicalId: string, properties: Properties): Resource => {
    const record = permissionFrom(properties);
    functions.permissions.put(`${record.functionName}/${physicalId}`, record);
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    create: async ({ properties, seed, logicalId }) => {
      functions.resolve(String(properties['FunctionName']));
      return save(`${logicalId}-${letters(seed, 12)}`, properties);
    },
    update: async ({ physicalId, properties }) => save(physicalId, properties),
    delete: async ({ physicalId, properties }) => {
      const { functionName } = functionReferenceFrom(String(properties['FunctionName']));
      functions.permissions.delete(`${functionName}/${physicalId}`);
    },
  };
};

const eventInvokeProvider = (functions: Functions): ResourceProvider => {
  const keyOf = (properties: Properties) =>
    `${functionReferenceFrom(String(properties['FunctionName'])).functionName}/${properties['Qualifier']}`;
  const save = (properties: Properties): Resource => {
    const maximumRetryAttempts = Number(properties['MaximumRetryAttempts'] ?? 2);
    functions.eventInvokes.put(keyOf(properties), { maximumRetryAttempts });
    return { physicalId: keyOf(properties), attributes: {} };
  };
  return {
    create: async ({ properties }) => save(properties),
    update: async ({ properties }) => save(properties),
    delete: async ({ physicalId }) => functions.eventInvokes.delete(physicalId),
  };
};

const permissionFrom = (properties: Properties): PermissionRecord => ({
  ...functionReferenceFrom(String(properties['FunctionName'])),
  action: String(properties['Action']),
  principal: String(properties['Principal']),
  ...(properties['SourceArn'] !== undefined && { sourceArn: String(properties['SourceArn']) }),
});
