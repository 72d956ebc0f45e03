import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import dynalite from 'dynalite';
import { AwsError, type Input } from '../wire/service.ts';

export interface DynaliteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** dynalite in this process, and the two ways to speak with it. */
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
  let server: Server | undefined;

  const forward: DynaliteServer['forward'] = async (headers, body) => {
    if (server) return exchange(server, headers, body);
    throw new AwsError('InternalServerError', 'the tables are not open: the part was not started', 500);
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
      // It closes its tables with its server, and only a server that listens can be closed.
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(0, '127.0.0.1', () => resolve());
      });
      server = started;
    },
    stop: async () => {
      const stopping = server;
      server = undefined;
      if (!stopping) return;
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

/** Hands a request to the server as its socket would: sockets within one process take longer than the tables do. */
const exchange = (server: Server, headers: Readonly<Record<string, string>>, body: Buffer) =>
  new Promise<DynaliteAnswer>((resolve) => {
    const incoming = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
    const kept: Record<string, string> = {};
    const outgoing = {
      statusCode: 200,
      setHeader: (name: string, value: string | number) => {
        kept[name.toLowerCase()] = String(value);
      },
      end: (text = '') => {
        const { 'content-length': _length, ...headers } = kept;
        resolve({ status: outgoing.statusCode, headers, body: Buffer.from(text) });
      },
    };
    server.emit('request', incoming, outgoing);
    incoming.emit('data', body);
    incoming.emit('end');
  });
