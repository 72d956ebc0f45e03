import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Authorize, Caller, UnsignedRequest, WireRequest, WireResponse, WireService } from './service.ts';

export interface Front {
  /** `http://127.0.0.1:{port}`: what AWS_ENDPOINT_URL names. */
  readonly url: string;
  close(): Promise<void>;
}

export interface FrontOptions {
  readonly services: readonly WireService[];
  readonly port?: number;
  /** Who an access key belongs to. */
  readonly callerOf: (accessKeyId: string) => Caller;
  /** Binds a caller's policies; see iam/. */
  readonly authorizeAs: (caller: Caller) => Authorize;
  /** Answers requests that nobody signed; undefined for what is not its business. */
  readonly unsigned?: (request: UnsignedRequest) => WireResponse | undefined;
  /** Told of every request before it is answered. */
  readonly onCall?: ((call: WireCall) => void) | undefined;
  /** How long a call is under way before its service sees it. */
  readonly delay?: (service: string, operation: string) => Promise<void> | undefined;
}

/** One request as a bill would list it. */
export interface WireCall {
  readonly service: string;
  /** `DescribeStacks`; for services that speak REST the method, such as `PUT`. */
  readonly operation: string;
  readonly caller: Caller;
  /** What the client says of itself. */
  readonly userAgent: string;
}

/** One HTTP server for all services: the request's signature scope names the service, its key the caller. */
export const startFront = async (options: FrontOptions): Promise<Front> => {
  const { services, port = 0, callerOf, authorizeAs, unsigned, onCall, delay } = options;
  const byScope = new Map(services.map((service) => [service.scope, service]));
  const server = createServer(async (incoming, outgoing) => {
    const scope = scopeOf(incoming.headers.authorization);
    const service = scope && byScope.get(scope.service);
    if (!service) {
      const nobody = { status: 400, body: `no service for the scope ${scope?.service ?? '(unsigned request)'}` };
      send(outgoing, (scope ? undefined : unsigned?.(unsignedFrom(incoming))) ?? nobody);
      return;
    }
    const caller = callerOf(scope.accessKeyId);
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const request = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: flat(incoming.headers),
      body: await bodyOf(incoming),
      caller,
    };
    const operation = operationOf(request);
    onCall?.({ service: scope.service, operation, caller, userAgent: request.headers['user-agent'] ?? '' });
    await delay?.(scope.service, operation);
    const failed = (error: unknown): WireResponse => ({ status: 500, body: String(error) });
    send(outgoing, await service.handle(request, authorizeAs(caller)).catch(failed));
  });
  await listening(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

const unsignedFrom = ({ method = 'GET', url = '/', headers }: IncomingMessage): UnsignedRequest => ({
  method,
  path: url.replace(/\?.*/, ''),
  authorization: headers.authorization ?? '',
});

const scopeOf = (authorization = ''): { accessKeyId: string; service: string } | undefined => {
  const [, accessKeyId, service] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
};

/** The JSON protocols name it in a header, the query protocol in the form. */
const operationOf = ({ headers, method, body }: Pick<WireRequest, 'headers' | 'method' | 'body'>): string => {
  const target = headers['x-amz-target'];
  if (target) return target.split('.').at(-1) ?? target;
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return (isForm && new URLSearchParams(body.toString()).get('Action')) || method;
};

const flat = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const send = (outgoing: ServerResponse, response: WireResponse) => {
  outgoing.writeHead(response.status, { ...response.headers });
  outgoing.end(response.body);
};

const listening = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
