import { join } from 'node:path';
import type { World } from '../part.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import type { DbInstance } from './db-instance.ts';
import { startGuardedServer } from './guarded-server.ts';
import { iamGuard } from './iam-guard.ts';
import { discardServer, type Server, startServer } from './server.ts';
import { dataDirectory, serverAccount } from './server-account.ts';
import type { TokenJudge } from './token-refusal.ts';

/** What a server is started from; without a port it chooses one. */
export type Runnable = Pick<DbInstance, 'id' | 'seed' | 'hasIamLogins' | 'superuserPassword'> & {
  readonly port?: number;
};

export interface RunningServers {
  /** The server of an instance, started unless it runs; ports of others are left alone. */
  run(instance: Runnable, others: readonly number[]): Promise<Server>;
  stop(id: string): Promise<void>;
  /** Ends whatever serves an instance and removes all its data. */
  discard(id: string): Promise<void>;
  stopEach(): Promise<void>;
}

/** The servers of instances, each with its folder below the directory; `iam` judges tokens. */
export const runningServers = (world: World, wanted: string, iam: TokenJudge['iam'] | undefined): RunningServers => {
  const servers = new Map<string, Server>();
  const account = serverAccount();
  const directory = dataDirectory(wanted, account);
  const folderOf = (id: string) => join(directory, id);
  let binaries: Binaries | undefined;

  const stop = async (id: string, how?: 'immediate') => {
    await servers.get(id)?.stop(how);
    servers.delete(id);
  };
  return {
    run: async (instance, others) => {
      const { id, superuserPassword = '', port } = instance;
      const running = servers.get(id);
      if (running) return running;
      binaries ??= findBinaries(account);
      const how = { binaries, account, directory: folderOf(id), superuserPassword, port, keepFree: others };
      const isGuarded = instance.hasIamLogins && iam;
      const server = await (isGuarded ? startGuardedServer(how, iamGuard(world, iam, instance)) : startServer(how));
      servers.set(id, server);
      world.log(
        `PostgreSQL of ${id} listens on 127.0.0.1:${server.port} (process ${server.pid}, data in ${folderOf(id)})`,
      );
      return server;
    },
    stop: (id) => stop(id),
    discard: async (id) => {
      await stop(id, 'immediate');
      await discardServer(folderOf(id));
    },
    stopEach: async () => {
      await Promise.all([...servers.keys()].map((id) => stop(id)));
    },
  };
};
