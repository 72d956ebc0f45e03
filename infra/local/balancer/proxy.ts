import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { LiveTarget } from './target-pool.ts';

/** What the target learns about the listener that took the request. */
export interface Frontend {
  readonly protocol: string;
  readonly port: number;
}

/** ALB's own default. */
const IDLE_MILLIS = 60_000;

/** Sends a request on to a target and streams the answer back; resolves when the answer is through or the client gone. */
export const forward = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: LiveTarget,
  frontend: Frontend,
): Promise<void> => {
  const leave = target.enter();
  return new Promise((resolve) => {
    // One connection per request: a kept one may be closed by the target at the very moment that it is used again.
    const upstream = request({
      host: target.id,
      port: target.port,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: { ...requestHeaders(incoming, frontend), connection: 'close' },
      agent: false,
    });
    upstream.setTimeout(IDLE_MILLIS, () => {
      answerPlainly(outgoing, 504);
      upstream.destroy();
    });
    upstream.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, withoutHops(response.headers));
      pipeline(response, outgoing, () => undefined);
    });
    upstream.on('error', () => answerPlainly(outgoing, 502));
    // Not a pipeline: that would cut the client off when the target breaks, before it is told so.
    incoming.pipe(upstream);
    outgoing.on('close', () => {
      upstream.destroy();
      leave();
      resolve();
    });
  });
};

const TITLES: Readonly<Record<number, string>> = {
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** The balancer's own short page; a response that has begun is cut off instead. */
export const answerPlainly = (outgoing: ServerResponse, status: 502 | 503 | 504): void => {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const title = `${status} ${TITLES[status]}`;
  outgoing.writeHead(status, { 'content-type': 'text/html', server: 'awselb/2.0' });
  outgoing.end(
    `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center></body>\n</html>\n`,
  );
};

const HOPS = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'upgrade'];

/** RFC 9110, 7.6.1: what concerns one connection only is not passed on. */
const withoutHops = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOPS, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
};

const requestHeaders = (incoming: IncomingMessage, { protocol, port }: Frontend): IncomingHttpHeaders => {
  const { expect: _answeredHere, ...headers } = withoutHops(incoming.headers);
  const from = incoming.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const before = headers['x-forwarded-for'];
  return {
    ...headers,
    'x-forwarded-for': before ? `${before}, ${from}` : from,
    'x-forwarded-proto': protocol.toLowerCase(),
    'x-forwarded-port': String(port),
  };
};
