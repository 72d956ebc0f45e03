import type { Part, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { answerRequest, type GatewayOptions } from './api-handler.ts';
import { apiServers } from './api-servers.ts';
import { apisOf } from './apis.ts';
import { gatewayResources } from './gateway-resources.ts';

export interface Gateway {
  /** `http://127.0.0.1:{port}` of an API; throws NotFoundException for an id that no template made. */
  endpoint(apiId: string): string;
}

/** API Gateway's HTTP APIs: a server each, in front of functions. */
export const createGateway = (world: World, options: GatewayOptions): Part & Gateway => {
  const records = apisOf(world);
  const servers = apiServers(
    (apiId, incoming) => answerRequest(world, records, options, apiId, incoming),
    (line) => world.log(line),
  );
  return {
    resources: gatewayResources(world, records, servers),
    endpoint: (apiId) => {
      const api = records.apis.get(apiId);
      if (!api) throw new AwsError('NotFoundException', `Invalid API identifier specified ${apiId}`, 404);
      return `http://127.0.0.1:${api.port}`;
    },
    start: async () => {
      for (const { key, value } of records.apis.list())
        records.apis.put(key, { ...value, port: await servers.open(key, value.port) });
    },
    stop: async () => {
      for (const apiId of servers.ids()) await servers.close(apiId);
    },
  };
};
