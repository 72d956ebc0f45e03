import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Action, ListenerRecord, RedirectLocation, RuleRecord } from './balancer-records.ts';
import { answerPlainly, forward } from './proxy.ts';
import { actionsFor, hostFrom } from './routing.ts';
import type { TargetPool } from './target-pool.ts';
import { weightedTurn } from './weighted-turn.ts';

export interface ListenerServer {
  readonly localPort: number;
  close(): Promise<void>;
}

interface ListenerWorld {
  /** The listener and its rules as they are at this moment. */
  readonly current: () => { readonly listener: ListenerRecord; readonly rules: readonly RuleRecord[] } | undefined;
  readonly pool: TargetPool;
  /** One line per answered request. */
  readonly logged: (line: string) => void;
}

/** Listens on the first of the ports that is free; 0 is any. */
export const openListener = async (ports: readonly number[], world: ListenerWorld): Promise<ListenerServer> => {
  const turn = weightedTurn();
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    const state = world.current();
    if (!state) {
      answerPlainly(outgoing, 503);
      return;
    }
    outgoing.on('close', () => world.logged(`${incoming.method} ${incoming.url} ${outgoing.statusCode}`));
    const { listener, rules } = state;
    const [action] = actionsFor(routed(incoming), rules, listener.defaultActions);
    if (action) act(action, incoming, outgoing, { listener, pool: world.pool, turn });
    else answerPlainly(outgoing, 503);
  });
  await listenOnFirst(server, ports);
  return {
    localPort: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const routed = (incoming: IncomingMessage) => ({
  method: incoming.method ?? 'GET',
  path: incoming.url?.split('?')[0] ?? '/',
  host: hostFrom(incoming.headers.host),
  headers: incoming.headers,
});

interface Acting {
  readonly listener: ListenerRecord;
  readonly pool: TargetPool;
  readonly turn: ReturnType<typeof weightedTurn>;
}

const act = (action: Action, incoming: IncomingMessage, outgoing: ServerResponse, { listener, pool, turn }: Acting) => {
  switch (action.type) {
    case 'fixed-response':
      outgoing.writeHead(action.status, { 'content-type': action.contentType, server: 'awselb/2.0' });
      outgoing.end(action.body);
      return;
    case 'redirect':
      outgoing.writeHead(action.status, { location: redirectTo(action.location, incoming, listener) });
      outgoing.end();
      return;
    case 'forward': {
      const target = pool.pick(turn(action.targetGroups));
      if (target) void forward(incoming, outgoing, target, listener);
      else answerPlainly(outgoing, 503);
    }
  }
};

const redirectTo = (location: RedirectLocation, incoming: IncomingMessage, { protocol, port }: ListenerRecord) => {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const known: Readonly<Record<string, string>> = {
    protocol: protocol.toLowerCase(),
    host: hostFrom(incoming.headers.host),
    port: String(port),
    path: url.pathname.slice(1),
    query: url.search.slice(1),
  };
  const filled = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole);
  const query = filled(location.query);
  const to = `${filled(location.protocol).toLowerCase()}://${filled(location.host)}:${filled(location.port)}`;
  return `${to}${filled(location.path)}${query && `?${query}`}`;
};

const listenOnFirst = async (server: Server, ports: readonly number[]): Promise<void> => {
  for (const [index, port] of ports.entries()) {
    try {
      await listening(server, port);
      return;
    } catch (error) {
      if (index === ports.length - 1 || !isTaken(error)) throw error;
    }
  }
};

const listening = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

// Not by instanceof: an error of Node's own is of another realm for a caller that runs in a VM context.
const isTaken = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
