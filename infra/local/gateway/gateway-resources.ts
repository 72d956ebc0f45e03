import { letters } from '../generated-name.ts';
import type { Properties, Resource, ResourceProvider, World } from '../part.ts';
import type { Table } from '../store.ts';
import { AwsError } from '../wire/service.ts';
import type { ApiServers } from './api-servers.ts';
import type { Apis, IntegrationRecord, RouteRecord, StageRecord } from './apis.ts';

/** The types of an HTTP API; ids derive from the seed. */
export const gatewayResources = (
  world: World,
  records: Apis,
  servers: ApiServers,
): Readonly<Record<string, ResourceProvider>> => ({
  'AWS::ApiGatewayV2::Api': apiProvider(records, servers),
  'AWS::ApiGatewayV2::Integration': childProvider(records.integrations, integrationFrom, (seed) => letterId(seed, 7)),
  'AWS::ApiGatewayV2::Route': childProvider(records.routes, routeFrom, (seed) => letterId(seed, 7)),
  'AWS::ApiGatewayV2::Stage': childProvider(records.stages, stageFrom, (_seed, properties) =>
    String(properties['StageName']),
  ),
  'AWS::ApiGatewayV2::Deployment': childProvider(
    world.store.table<object>('gateway-deployments'),
    () => ({}),
    (seed) => letterId(seed, 6),
  ),
});

const apiProvider = ({ apis }: Apis, servers: ApiServers): ResourceProvider => {
  const save = async (apiId: string, properties: Properties): Promise<Resource> => {
    if (properties['ProtocolType'] !== 'HTTP')
      throw badRequest(`ProtocolType ${properties['ProtocolType']}: the embedded cloud has HTTP APIs only`);
    const port = await servers.open(apiId, apis.get(apiId)?.port ?? 0);
    apis.put(apiId, { apiId, name: String(properties['Name'] ?? ''), port });
    return { physicalId: apiId, attributes: { ApiId: apiId, ApiEndpoint: `http://127.0.0.1:${port}` } };
  };
  return {
    create: async ({ properties, seed }) => save(letterId(seed, 10), properties),
    update: async ({ physicalId, properties }) => save(physicalId, properties),
    delete: async ({ physicalId }) => {
      await servers.close(physicalId);
      apis.delete(physicalId);
    },
  };
};

/** What belongs to an API and is nothing but a record. */
const childProvider = <T>(
  table: Table<T>,
  recordFrom: (properties: Properties) => T,
  idFrom: (seed: string, properties: Properties) => string,
): ResourceProvider => {
  const save = (physicalId: string, properties: Properties): Resource => {
    table.put(`${properties['ApiId']}/${physicalId}`, recordFrom(properties));
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    create: async ({ properties, seed }) => save(idFrom(seed, properties), properties),
    update: async ({ physicalId, properties }) => save(physicalId, properties),
    delete: async ({ physicalId, properties }) => table.delete(`${properties['ApiId']}/${physicalId}`),
  };
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const LONGEST_MILLIS = 30_000;

const integrationFrom = (properties: Properties): IntegrationRecord => {
  const [functionArn] = /arn:aws:lambda:[^/]+/.exec(String(properties['IntegrationUri'])) ?? [];
  if (properties['IntegrationType'] !== 'AWS_PROXY' || !functionArn)
    throw badRequest('an integration of the embedded cloud is AWS_PROXY with a Lambda function as IntegrationUri');
  if (properties['PayloadFormatVersion'] !== '2.0')
    throw badRequest(`PayloadFormatVersion ${properties['PayloadFormatVersion']}: the embedded cloud has 2.0 only`);
  return {
    functionArn,
    timeoutMillis: Math.min(Number(properties['TimeoutInMillis'] ?? LONGEST_MILLIS), LONGEST_MILLIS),
  };
};

const routeFrom = (properties: Properties): RouteRecord => {
  const authorization = properties['AuthorizationType'] ?? 'NONE';
  if (authorization !== 'NONE')
    throw badRequest(`AuthorizationType ${authorization}: the embedded cloud has routes without an authorizer only`);
  const [, integrationId] = /^integrations\/(.+)$/.exec(String(properties['Target'])) ?? [];
  if (!integrationId) throw badRequest(`the route ${properties['RouteKey']} needs a Target integrations/{id}`);
  return { routeKey: String(properties['RouteKey']), integrationId };
};

const stageFrom = (properties: Properties): StageRecord => ({
  stageName: String(properties['StageName']),
  variables: (properties['StageVariables'] ?? {}) as Readonly<Record<string, string>>,
});

const letterId = (seed: string, length: number) => letters(seed, length).toLowerCase();

const badRequest = (message: string) => new AwsError('BadRequestException', message);
