import { mkdirSync } from 'node:fs';
import { Agent, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { AwsError, type Input } from '../wire/service.ts';

export interface DynaliteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** dynalite on a free port of its own, and the two ways to speak with it. */
export interface DynaliteServer {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Sends the bytes of a signed request as they came. */
  forward(headers: Readonly<Record<string, string>>, body: Buffer): Promise<DynaliteAnswer>;
  /** A call of the cloud's own; throws AwsError with dynalite's code. */
  call(operation: string, input: Input): Promise<Input>;
}

/** `folder` keeps the tables on disk; without one they are gone at the end. */
export const dynaliteServer = (folder?: string): DynaliteServer => {
  const agent = new Agent({ keepAlive: true });
  let server: Server | undefined;

  const forward: DynaliteServer['forward'] = (headers, body) => {
    const address = server?.address();
    if (!address) throw new AwsError('InternalServerError', 'the tables are not open: the part was not started', 500);
    const { host, connection, 'transfer-encoding': encoding, ...kept } = headers;
    return exchange((address as AddressInfo).port, agent, { ...kept, 'content-length': String(body.length) }, body);
  };
  return {
    start: async () => {
      if (folder) mkdirSync(folder, { recursive: true });
      const started = dynalite({
        createTableMs: 0,
        deleteTableMs: 0,
        updateTableMs: 0,
        ...(folder !== undefined && { path: folder }),
      });
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(0, '127.0.0.1', () => resolve());
      });
      server = started;
    },
    stop: async () => {
      const stopping = server;
      server = undefined;
      agent.destroy();
      if (!stopping) return;
      stopping.closeAllConnections();
      await new Promise<void>((resolve, reject) => stopping.close((error) => (error ? reject(error) : resolve())));
    },
    forward,
    call: async (operation, input) => {
      const { status, body } = await forward(ownHeaders(operation), Buffer.from(JSON.stringify(input)));
      const answer = JSON.parse(body.toString('utf8'));
      if (status === 200) return answer;
      throw new AwsError(String(answer.__type).replace(/^.*#/, ''), answer.message ?? '', status);
    },
  };
};

/** dynalite wants a signature to be there and does not check it. */
const ownHeaders = (operation: string) => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=own/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
});

const exchange = (port: number, agent: Agent, headers: Record<string, string>, body: Buffer) =>
  new Promise<DynaliteAnswer>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, agent, method: 'POST', headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const names = ['content-type', 'x-amzn-requestid', 'x-amz-crc32'];
        const kept = names.flatMap((name) => {
          const value = incoming.headers[name];
          return value === undefined ? [] : [[name, String(value)] as const];
        });
        resolve({ status: incoming.statusCode ?? 500, headers: Object.fromEntries(kept), body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
