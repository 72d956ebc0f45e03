import { randomUUID } from 'node:crypto';
import type { World } from '../part.ts';
import type { ServiceRecord } from './ecs-records.ts';
import { type Holder, LifeOver } from './holder.ts';

/** AWS shows a deleted service for a while. */
const INACTIVE_MILLIS = 3_600_000;
const SHOWN_EVENTS = 100;

export const serviceStore = (world: World, holder: Holder) => {
  const table = world.store.table<ServiceRecord>('ecs.services');
  const listeners = new Set<(service: ServiceRecord) => void>();
  const put = (service: ServiceRecord): ServiceRecord => {
    if (!holder.holds()) throw new LifeOver('another life of the cloud holds the store');
    table.put(keyOf(service), service);
    for (const listen of listeners) listen(service);
    return service;
  };
  const find = (clusterName: string, name: string): ServiceRecord | undefined => {
    const service = table.get(keyOf({ clusterName, name }));
    const gone =
      service?.inactiveAtMillis !== undefined && service.inactiveAtMillis + INACTIVE_MILLIS < world.clock.now();
    return gone ? undefined : service;
  };

  return {
    put,
    find,
    all: (): ServiceRecord[] => table.list().map(({ value }) => value),
    /** Adds a line to the service's own list of events. */
    note: (service: ServiceRecord, message: string): ServiceRecord => {
      const event = {
        id: randomUUID(),
        createdAtMillis: world.clock.now(),
        message: `(service ${service.name}) ${message}`,
      };
      return put({ ...service, events: [event, ...service.events].slice(0, SHOWN_EVENTS) });
    },
    /** Waits until `read` finds something in the service, now or after one of its changes. @throws the signal's reason */
    when: <T>(
      { clusterName, name }: Pick<ServiceRecord, 'clusterName' | 'name'>,
      read: (service: ServiceRecord) => T | undefined,
      signal: AbortSignal,
    ): Promise<T> =>
      new Promise((resolve, reject) => {
        const end = () => {
          listeners.delete(look);
          signal.removeEventListener('abort', aborted);
        };
        const aborted = () => {
          end();
          reject(signal.reason);
        };
        const look = (service: ServiceRecord) => {
          if (service.clusterName !== clusterName || service.name !== name) return;
          const found = read(service);
          if (found === undefined) return;
          end();
          resolve(found);
        };
        listeners.add(look);
        signal.addEventListener('abort', aborted);
        const now = find(clusterName, name);
        if (signal.aborted) aborted();
        else if (now) look(now);
      }),
  };
};

export type ServiceStore = ReturnType<typeof serviceStore>;

const keyOf = ({ clusterName, name }: Pick<ServiceRecord, 'clusterName' | 'name'>) => `${clusterName}/${name}`;
