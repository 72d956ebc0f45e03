import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GatewayAnswer, ownAnswer } from './gateway-answer.ts';

/** One HTTP server per API. */
export const apiServers = (
  answer: (apiId: string, incoming: IncomingMessage) => Promise<GatewayAnswer>,
  log: (line: string) => void,
) => {
  const servers = new Map<string, Server>();

  const serve = async (apiId: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { status, headers, body } = await answer(apiId, incoming).catch((error: Error) => {
      log(`gateway: ${error.stack}`);
      return ownAnswer(500, 'Internal Server Error');
    });
    // What was not read of the body would be taken for the next request.
    if (!incoming.complete) outgoing.shouldKeepAlive = false;
    outgoing.writeHead(
      status,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, listed(value)])),
    );
    outgoing.end(body);
  };

  return {
    /** Opens the API's server and gives its port: the wanted one, or another when that is taken. */
    open: async (apiId: string, wanted: number): Promise<number> => {
      const known = servers.get(apiId);
      if (known) return portOf(known);
      const server = createServer((incoming, outgoing) => void serve(apiId, incoming, outgoing));
      await listening(server, wanted).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error;
        await listening(server, 0);
        log(`gateway: port ${wanted} of the API ${apiId} is taken by another process; it now has ${portOf(server)}`);
      });
      servers.set(apiId, server);
      return portOf(server);
    },
    close: async (apiId: string): Promise<void> => {
      const server = servers.get(apiId);
      servers.delete(apiId);
      server?.closeAllConnections();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    },
    ids: (): readonly string[] => [...servers.keys()],
  };
};

export type ApiServers = ReturnType<typeof apiServers>;

const listed = (value: string | readonly string[]): string | string[] =>
  typeof value === 'string' ? value : [...value];

const portOf = (server: Server) => (server.address() as AddressInfo).port;

const listening = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
