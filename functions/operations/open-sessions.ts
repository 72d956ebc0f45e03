import type { Callback } from '../domain/callback.ts';
import { listSessions } from '../domain/database/sessions.ts';
import type { ClusterPorts } from '../ports.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { type ContextPorts, loadContext } from './step-context.ts';

export type SessionPorts = ContextPorts;

/**
 * Looks for sessions of the application's logins on any of its databases. Each look answers those that are still open and
 * as old as that, in words.
 */
export const openSessions = async (
  ports: SessionPorts,
  callback: Callback,
  aws: ClusterPorts,
): Promise<(olderThanMillis: number) => Promise<readonly string[]>> => {
  const { release, cluster } = await loadContext(ports, callback);
  const servers = new Map<string, DatabaseServer>();
  for (const { serverGroup } of release.databases)
    if (!servers.has(serverGroup)) servers.set(serverGroup, await databaseServer(cluster, aws, serverGroup));
  return async (olderThanMillis) => {
    const open: string[] = [];
    for (const { databaseName, serverGroup } of release.databases) {
      const [rows = []] =
        (await servers.get(serverGroup)?.run([listSessions(databaseName, 'application', olderThanMillis)])) ?? [];
      for (const { login, application, pid } of rows)
        open.push(`${login} (${application || 'no name'}, process ${pid}) on ${databaseName}`);
    }
    return open;
  };
};
