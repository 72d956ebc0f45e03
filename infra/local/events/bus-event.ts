import { randomUUID } from 'node:crypto';
import type { CloudEvent, World } from '../part.ts';

/** An event as rules and targets see it. */
export interface BusEvent extends CloudEvent {
  readonly version: '0';
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** `2026-09-01T12:00:00Z`: whole seconds, as EventBridge sends them. */
  readonly time: string;
  readonly resources: readonly string[];
}

/** Adds what the bus knows. */
export const busEventFrom = (world: World, event: CloudEvent, atMillis = world.clock.now()): BusEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': event['detail-type'],
  source: event.source,
  account: world.account,
  time: `${new Date(atMillis).toISOString().slice(0, 19)}Z`,
  region: world.region,
  resources: event.resources ?? [],
  detail: event.detail,
});
