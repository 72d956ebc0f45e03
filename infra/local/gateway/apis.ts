import type { World } from '../part.ts';

export interface ApiRecord {
  readonly apiId: string;
  readonly name: string;
  /** Kept, so that the address stays the same after a restart. */
  readonly port: number;
}

export interface RouteRecord {
  /** `POST /webhook`, `ANY /items/{id}`, `GET /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly integrationId: string;
}

export interface IntegrationRecord {
  readonly functionArn: string;
  readonly timeoutMillis: number;
}

export interface StageRecord {
  readonly stageName: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** APIs and what belongs to them, keyed by `{api}/{id}`. */
export const apisOf = (world: World) => ({
  apis: world.store.table<ApiRecord>('gateway-apis'),
  routes: world.store.table<RouteRecord>('gateway-routes'),
  integrations: world.store.table<IntegrationRecord>('gateway-integrations'),
  stages: world.store.table<StageRecord>('gateway-stages'),
});

export type Apis = ReturnType<typeof apisOf>;
