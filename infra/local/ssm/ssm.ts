import { letters } from '../generated-name.ts';
import type { Part, ResourceRequest, World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { AwsError, type Input } from '../wire/service.ts';

interface Parameter {
  readonly type: string;
  readonly value: string;
  /** Rises with every change. */
  readonly version: number;
  readonly changedAtMillis: number;
}

/** Systems Manager's Parameter Store: parameters of templates, read by name. */
export const createSsm = (world: World): Part => {
  const parameters = world.store.table<Parameter>('ssm.parameters');
  const arnOf = (name: string) =>
    `arn:aws:ssm:${world.region}:${world.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  const shown = (Name: string, { type: Type, value: Value, version, changedAtMillis }: Parameter) => ({
    Name,
    Type,
    Value,
    Version: version,
    ARN: arnOf(Name),
    DataType: 'text',
    LastModifiedDate: changedAtMillis / 1000,
  });
  const save = (name: string, { properties }: Pick<ResourceRequest, 'properties'>) => {
    const { Type = 'String', Value } = properties;
    const version = (parameters.get(name)?.version ?? 0) + 1;
    parameters.put(name, { type: String(Type), value: String(Value), version, changedAtMillis: world.clock.now() });
    return { physicalId: name, attributes: { Type, Value } };
  };
  const named = (input: Input): readonly string[] => (input.Names ?? [input.Name]).map(String);
  const resources = (input: Input) => named(input).map(arnOf);

  return {
    services: [
      jsonService('ssm', '1.1', {
        GetParameter: {
          resources,
          run: ({ Name }) => {
            const found = parameters.get(Name);
            if (!found) throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
            return { Parameter: shown(Name, found) };
          },
        },
        GetParameters: {
          resources,
          run: (input) => {
            const found = named(input).map((name) => [name, parameters.get(name)] as const);
            return {
              Parameters: found.flatMap(([name, parameter]) => (parameter ? [shown(name, parameter)] : [])),
              InvalidParameters: found.flatMap(([name, parameter]) => (parameter ? [] : [name])),
            };
          },
        },
      }),
    ],
    resources: {
      'AWS::SSM::Parameter': {
        create: async (request) => {
          const name = String(request.properties['Name'] ?? `CFN-${letters(request.seed, 12)}`);
          return save(name, request);
        },
        update: async (request) => save(request.physicalId, request),
        delete: async ({ physicalId }) => {
          parameters.delete(physicalId);
        },
      },
    },
  };
};
