import { appendFile, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../part.ts';
import type { ListenerRecord } from './balancer-records.ts';
import type { BalancerStore } from './balancer-store.ts';
import { type ListenerServer, openListener } from './listener-server.ts';
import type { TargetPool } from './target-pool.ts';

/** The open sockets of the listeners; a listener keeps its port over restarts while nobody else has taken it. */
export const listenerServers = (
  world: World,
  store: BalancerStore,
  pool: TargetPool,
  directory: string | undefined,
) => {
  const open = new Map<string, ListenerServer>();
  const logged = accessLog(world, directory);

  const close = async (arn: string) => {
    const server = open.get(arn);
    open.delete(arn);
    await server?.close();
  };

  return {
    /** Opens the listener's socket and records its port. */
    open: async (listener: ListenerRecord): Promise<void> => {
      await close(listener.arn);
      const server = await openListener(portsFor(listener), {
        current: () => {
          const current = store.listeners.get(listener.arn);
          return current && { listener: current, rules: store.rulesOf(listener.arn) };
        },
        pool,
        logged,
      });
      open.set(listener.arn, server);
      store.listeners.put(listener.arn, { ...listener, localPort: server.localPort });
      world.log(`balancer: ${listener.arn} listens on http://127.0.0.1:${server.localPort}`);
    },
    close,
    portOf: (arn: string): number | undefined => open.get(arn)?.localPort,
    closeAll: async () => {
      await Promise.all([...open.keys()].map(close));
    },
  };
};

export type ListenerServers = ReturnType<typeof listenerServers>;

/** The port of last time, then the template's when an ordinary user may have it, then any. */
const portsFor = ({ localPort, port }: ListenerRecord): readonly number[] => [
  ...[localPort, port >= 1024 ? port : 0].filter((one) => one > 0),
  0,
];

const accessLog = (world: World, directory: string | undefined): ((line: string) => void) => {
  if (!directory) return () => undefined;
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'access.log');
  return (line) => {
    appendFile(file, `${new Date(world.clock.now()).toISOString()} ${line}\n`, (error) => {
      if (error) world.log(`balancer: cannot write ${file}: ${error.message}`);
    });
  };
};
