import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resultPage } from './manifest-page.ts';

/** What the browser brought, and the page that it is shown for it. */
export interface BroughtCode {
  readonly code: string;
  /** Ends when the page has gone out. */
  answer(html: string): Promise<void>;
}

export interface CodeReceiver {
  /** Where the person begins. Its path is a secret of this run: nobody else on the machine may read the state from the page. */
  readonly pageUrl: string;
  /** Ends with the first code that comes with the state of this run. */
  readonly brought: Promise<BroughtCode>;
  close(): Promise<void>;
}

/** What the page is made of, once the address is known to which GitHub sends the browser back. */
export type MakePage = (where: { readonly redirectUrl: string; readonly state: string }) => string;

/** A page on this machine alone, and the way back to it. */
export const startCodeReceiver = async (port: number, makePage: MakePage): Promise<CodeReceiver> => {
  const state = randomBytes(32).toString('base64url');
  const path = `/${randomBytes(16).toString('base64url')}`;
  const { promise: brought, resolve } = Promise.withResolvers<BroughtCode>();
  let isBrought = false;

  const receive = (outgoing: ServerResponse, query: URLSearchParams): unknown => {
    const code = query.get('code') ?? '';
    if (!isSame(query.get('state') ?? '', state) || !/^[\w-]{1,200}$/.test(code)) return write(outgoing, 400, STRANGE);
    if (isBrought) return write(outgoing, 409, TWICE);
    isBrought = true;
    return resolve({ code, answer: (html) => write(outgoing, 200, html) });
  };

  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', origin());
    // A name of somebody else that leads to this address is no way in.
    if (incoming.method !== 'GET' || !isOurs(incoming, portOf())) return write(outgoing, 403, STRANGE);
    if (url.pathname === RETURN) return receive(outgoing, url.searchParams);
    if (url.pathname !== path) return write(outgoing, 404, STRANGE);
    return write(outgoing, 200, makePage({ redirectUrl: `${origin()}${RETURN}`, state }));
  });
  const portOf = () => (server.address() as AddressInfo).port;
  const origin = () => `http://127.0.0.1:${portOf()}`;
  await new Promise<void>((listening, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    pageUrl: `${origin()}${path}`,
    brought,
    close: () => {
      const closed = new Promise<void>((resolved) => server.close(() => resolved()));
      // Browsers keep connections open that they never use.
      server.closeAllConnections();
      return closed;
    },
  };
};

const RETURN = '/created';
const STRANGE = resultPage(
  'Not here',
  'This is not what the setup of Slipway waits for. Open the page that it printed.',
);
const TWICE = resultPage('Already done', 'The App has been handed over. The terminal says how it went.');

const isSame = (given: string, wanted: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const isOurs = ({ headers }: IncomingMessage, port: number): boolean =>
  headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`;

const write = (outgoing: ServerResponse, status: number, html: string): Promise<void> => {
  outgoing.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  // The person may have closed the page meanwhile.
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((sent) => outgoing.once('close', sent).end(html));
};
