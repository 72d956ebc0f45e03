import type { Database } from '../application/database.ts';
import type { Runtime } from '../application/runtime.ts';
import { iamDatabases, type Place } from './database-access.ts';
import { outboxesOf } from './outbox.ts';
import { isDirect } from './target-group.ts';

/** What a runtime asks of the container beside its own; one that asks nothing has none. */
export interface SidecarDuties {
  /** It takes the requests of the load balancer. */
  readonly ingress: boolean;
  /** It takes messages from the runtime's queue. */
  readonly subscriptions: boolean;
  /** Containers hand it what they want to send. */
  readonly adapter: boolean;
  /** Databases that it logs in to for the others. */
  readonly proxied: readonly Database[];
  /** Databases whose outbox it sends. */
  readonly outboxes: readonly Database[];
  /** Where it passes on requests and messages, each once, by container and port. */
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly container: string;
  readonly port: number;
}

export const sidecarDuties = (runtime: Runtime, place: Place): SidecarDuties => ({
  ingress: runtime.routes.some((route) => !isDirect(route, runtime)),
  subscriptions: runtime.subscriptions.length > 0,
  adapter: runtime.containers.some(usesAdapter),
  proxied: iamDatabases(runtime, place),
  outboxes: outboxesOf(runtime, place.application),
  endpoints: endpointsOf(runtime),
});

/** It sends messages: answers and dead letters, what containers hand it, or what stands in an outbox. */
export const sendsMessages = ({ subscriptions, adapter, outboxes }: SidecarDuties): boolean =>
  subscriptions || adapter || outboxes.length > 0;

/** Whether a container is told where it may hand over what it wants to send. */
export const usesAdapter = ({ envVars }: Runtime['containers'][number]): boolean =>
  envVars.some(({ o5 }) => o5 === 'ADAPTER_ENDPOINT');

const endpointsOf = (runtime: Runtime): readonly Endpoint[] => {
  const received = [...runtime.routes.filter((route) => !isDirect(route, runtime)), ...runtime.subscriptions];
  const endpoints = received.map(({ targetContainer, port }) => ({
    container: targetContainer ?? runtime.containers[0]?.name ?? '',
    port,
  }));
  const byAddress = new Map(endpoints.map((endpoint) => [`${endpoint.container}:${endpoint.port}`, endpoint]));
  return [...byAddress].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
};
