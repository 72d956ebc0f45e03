import type { Callback } from '../domain/callback.ts';
import { listSessions } from '../domain/database/sessions.ts';
import type { ClusterPorts } from '../ports.ts';
import { databaseServer } from './database-server.ts';
import { type ContextPorts, loadContext } from './step-context.ts';

export type SessionPorts = ContextPorts;

/** Sessions of the application's logins that are still open on any of its databases, and as old as that, in words. */
export const openSessions = async (
  ports: SessionPorts,
  callback: Callback,
  aws: ClusterPorts,
  olderThanMillis: number,
): Promise<readonly string[]> => {
  const { release, cluster } = await loadContext(ports, callback);
  const open: string[] = [];
  for (const { databaseName, serverGroup } of release.databases) {
    const server = await databaseServer(cluster, aws, serverGroup);
    const [rows = []] = await server.run([listSessions(databaseName, 'application', olderThanMillis)]);
    open.push(
      ...rows.map(
        ({ login, application, pid }) => `${login} (${application || 'no name'}, process ${pid}) on ${databaseName}`,
      ),
    );
  }
  return open;
};
