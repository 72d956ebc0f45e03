import type { World } from '../part.ts';
import type { Input } from '../wire/service.ts';

export interface CheckRun {
  readonly id: number;
  readonly repository: string;
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly detailsUrl: string | null;
  readonly externalId: string;
  readonly output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null };
  readonly annotations: readonly Input[];
}

export interface Deployment {
  readonly id: number;
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly isTransient: boolean;
  readonly isProduction: boolean;
  readonly createdAt: string;
  readonly statuses: readonly DeploymentStatus[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: string;
}

export interface CommitStatus {
  readonly id: number;
  readonly repository: string;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly createdAt: string;
}

/** What clients wrote about commits, kept in the store, the newest first in every list. */
export const recordsOf = (world: World) => {
  const counters = world.store.table<number>('github.counters');
  const rows = <T extends { readonly id: number }>(name: string) => {
    const table = world.store.table<T>(`github.${name}`);
    return {
      get: (id: number | string) => table.get(rowKey(Number(id))),
      put: (row: T): T => {
        table.put(rowKey(row.id), row);
        return row;
      },
      list: (wanted: (row: T) => boolean) =>
        table
          .list()
          .map(({ value }) => value)
          .filter(wanted)
          .reverse(),
    };
  };
  return {
    checkRuns: rows<CheckRun>('checks'),
    deployments: rows<Deployment>('deployments'),
    statuses: rows<CommitStatus>('statuses'),
    nextId: (): number => {
      const id = (counters.get('id') ?? 1000) + 1;
      counters.put('id', id);
      return id;
    },
    now: (): string => `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`,
  };
};

export type Records = ReturnType<typeof recordsOf>;

const rowKey = (id: number): string => String(id).padStart(12, '0');
