import type { Container, Variable } from '../application/container.ts';
import { bucketName } from './bucket-name.ts';
import { type Build, byName, ref } from './build.ts';
import { isProxied } from './database-access.ts';
import { jsonKey } from './json-key.ts';
import { logicalIds, parameterNames } from './names.ts';
import { hasOwnInterface } from './network.ts';
import { ADAPTER_PORT, SIDECAR } from './sidecar-names.ts';
import { socketDsn } from './socket-address.ts';
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

const variableOf = (variable: Variable, build: Build): ContainerVariable => {
  const { name, value, fromEnv, database, secret, blobstore, o5 } = variable;
  if (value !== undefined) return { kind: 'plain', name, value };
  if (fromEnv) return { kind: 'plain', name, value: ref(parameterNames.variable(fromEnv.name, build.hash)) };
  if (blobstore) return { kind: 'plain', name, value: bucketUrl(blobstore, build) };
  if (o5) return { kind: 'plain', name, value: adapterEndpoint(build) };
  if (database) return databaseVariable(name, database.databaseName, build);
  if (!secret) throw notSupported(`variable ${name}`);
  const id = logicalIds.appSecret(secret.secretName, build.hash);
  return { kind: 'secret', name, valueFrom: secret.jsonKey === undefined ? ref(id) : jsonKey(id, secret.jsonKey) };
};

const databaseVariable = (name: string, database: string, build: Build): ContainerVariable =>
  isProxied(database, build)
    ? { kind: 'plain', name, value: socketDsn(database) }
    : { kind: 'secret', name, valueFrom: jsonKey(parameterNames.databaseSecret(database, build.hash), 'dburl') };

const bucketUrl = ({ name, subPath }: NonNullable<Variable['blobstore']>, build: Build): string => {
  const path = (subPath ?? '').replace(/^\/+/, '');
  return `s3://${bucketName(name, build)}${path === '' ? '' : `/${path}`}`;
};

/** Where a container hands the sidecar what it wants to send. */
const adapterEndpoint = (build: Build): string =>
  `http://${hasOwnInterface(build) ? 'localhost' : SIDECAR}:${ADAPTER_PORT}`;
