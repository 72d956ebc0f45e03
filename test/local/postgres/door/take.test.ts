import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { take } from '../../../../infra/local/postgres/door/take.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** Both ends of one connection. */
const connection = async (): Promise<{ readonly near: Socket; readonly far: Socket }> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const far = connect({
    port: typeof address === 'object' && address ? address.port : 0,
    host: '127.0.0.1',
    noDelay: true,
  });
  const [near] = await once(server, 'connection');
  near.on('error', () => undefined);
  server.close();
  cleanups.push(
    () => near.destroy(),
    () => far.destroy(),
  );
  return { near, far };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('however bytes arrive, they are taken in the pieces that are asked for', async () => {
  const { near, far } = await connection();
  const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pieces, pieces, async (sent, asked) => {
      const bytes = asked.reduce((sum, each) => sum + each);
      const text = Array.from({ length: bytes }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
      const taken = (async () => {
        const got: string[] = [];
        for (const each of asked) got.push(String(await take(near, each)));
        return got;
      })();
      for (let at = 0, nth = 0; at < bytes; at += sent[nth++ % sent.length] ?? 1) {
        far.write(text.slice(at, at + (sent[nth % sent.length] ?? 1)));
        await turn();
      }
      const got = await taken;
      expect(got.join('')).toBe(text);
      expect(got.map(({ length }) => length)).toEqual(asked);
    }),
    { numRuns: 40 },
  );
});

test('what is left behind the bytes that were taken stays for others', async () => {
  const { near, far } = await connection();
  far.end('headbody');
  expect(String(await take(near, 4))).toBe('head');
  const rest: Buffer[] = [];
  for await (const chunk of near) rest.push(chunk);
  expect(String(Buffer.concat(rest))).toBe('body');
});

test('a connection that ends in between gives nothing, and the process goes on meanwhile', async () => {
  const { near, far } = await connection();
  far.write('ab');
  const taken = take(near, 4);
  await turn();
  far.end();
  expect(await taken).toBeUndefined();
  expect(await take(near, 1)).toBeUndefined();
});

test('a connection that breaks gives nothing', async () => {
  const { near, far } = await connection();
  const taken = take(near, 4);
  await turn();
  far.resetAndDestroy();
  expect(await taken).toBeUndefined();
});
