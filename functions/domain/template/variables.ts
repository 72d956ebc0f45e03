import type { Container, Variable } from '../application/container.ts';
import { type Build, byName, ref } from './build.ts';
import { logicalIds, parameterNames } from './names.ts';
import { notSupported } from './unsupported.ts';

/** Environment and secrets of a container definition, each by name: their order means nothing, so it must not change. */
export const containerVariables = ({ envVars }: Pick<Container, 'envVars'>, build: Build) => {
  const region = { name: 'AWS_REGION', value: ref('AWS::Region') };
  const own = envVars.map((variable) => variableOf(variable, build));
  const plain = own.flatMap((variable) => (variable.kind === 'plain' ? [variable] : []));
  const named = own.some(({ name }) => name === region.name) ? plain : [region, ...plain];
  const secrets = own.flatMap((variable) => (variable.kind === 'secret' ? [variable] : []));
  return {
    Environment: named.sort(byName).map(({ name, value }) => ({ Name: name, Value: value })),
    ...(secrets.length > 0 && {
      Secrets: secrets.sort(byName).map(({ name, valueFrom }) => ({ Name: name, ValueFrom: valueFrom })),
    }),
  };
};

type ContainerVariable =
  | { readonly kind: 'plain'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'secret'; readonly name: string; readonly valueFrom: unknown };

const variableOf = (variable: Variable, { hash }: Build): ContainerVariable => {
  const { name, value, fromEnv, database, secret } = variable;
  if (value !== undefined) return { kind: 'plain', name, value };
  if (fromEnv) return { kind: 'plain', name, value: ref(parameterNames.variable(fromEnv.name, hash)) };
  if (database) {
    const arn = parameterNames.databaseSecret(database.databaseName, hash);
    return { kind: 'secret', name, valueFrom: jsonKey(arn, 'dburl') };
  }
  if (!secret) throw notSupported(`variable ${name}`);
  const id = logicalIds.appSecret(secret.secretName, hash);
  return { kind: 'secret', name, valueFrom: secret.jsonKey === undefined ? ref(id) : jsonKey(id, secret.jsonKey) };
};

/** ECS reads one key of a JSON secret; the two empty parts mean its current version. */
const jsonKey = (secret: string, key: string) => ({ 'Fn::Sub': `\${${secret}}:${key}::` });
