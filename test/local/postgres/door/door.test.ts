import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Door, openDoor } from '../../../../infra/local/postgres/door/door.ts';
import { freePort } from '../../../../infra/local/postgres/free-port.ts';

const lines: string[] = [];
const behind = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
let port: number;
let door: Door;
beforeAll(async () => {
  behind.listen(0, '127.0.0.1');
  await once(behind, 'listening');
  const address = behind.address();
  port = await freePort();
  door = await openDoor({
    port,
    serverPort: typeof address === 'object' && address ? address.port : 0,
    socketPath: '/nowhere/socket',
    needsToken: async (user) => {
      if (user === 'unlucky') throw new Error('the server is gone');
      return user.startsWith('token');
    },
    refusalOf: (_, token) => (token === 'good' ? undefined : 'it is bad'),
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await door.close();
  behind.close();
});

const startup = (user: string): Buffer => {
  const body = Buffer.from(`\0\x03\0\0user\0${user}\0database\0shop\0\0`);
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length + 4);
  return Buffer.concat([head, body]);
};

/** What a client is told until the connection ends; it ends its own side at once, or waits. */
const toldTo = async (words: Buffer, then: 'ends' | 'waits' = 'waits'): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const told: Buffer[] = [];
  socket.on('data', (chunk) => told.push(chunk));
  socket.write(words);
  if (then === 'ends') socket.end();
  await once(socket, 'close');
  return Buffer.concat(told).toString();
};

const password = (text: string): Buffer => {
  const head = Buffer.from('p\0\0\0\0');
  head.writeInt32BE(Buffer.byteLength(text) + 5, 1);
  return Buffer.concat([head, Buffer.from(`${text}\0`)]);
};

test('who needs no token is led on with every byte that they sent', async () => {
  const words = Buffer.concat([startup('plain'), Buffer.from('and what came with it')]);
  expect(await toldTo(words, 'ends')).toBe(words.toString());
});

test('who needs a token is asked, and refused in the words of RDS', async () => {
  const told = await toldTo(Buffer.concat([startup('token "x"'), password('bad')]));
  expect(told).toBe(
    'R\0\0\0\x08\0\0\0\x03' + 'E\0\0\0\x4aSFATAL\0VFATAL\0C28000\0MPAM authentication failed for user "token "x""\0\0',
  );
  expect(lines).toContain('token "x" is refused: it is bad');
});

test('when it cannot be known who needs a token, nobody is let in, and the log says why', async () => {
  expect(await toldTo(startup('unlucky'))).toBe('');
  expect(lines).toContain('a login could not be judged: Error: the server is gone');
});

test('a server that is gone ends the connection', async () => {
  expect(await toldTo(Buffer.concat([startup('token'), password('good')]))).toBe('R\0\0\0\x08\0\0\0\x03');
});

test('whatever is sent, the door stays open to others', async () => {
  const openings = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.concat([startup('token'), bytes])),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.concat([Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), bytes])),
  );
  await fc.assert(
    fc.asyncProperty(openings, async (bytes) => {
      const told = await toldTo(Buffer.from(bytes), 'ends');
      expect(told).not.toContain('good');
    }),
    { numRuns: 100 },
  );
  expect(await toldTo(startup('plain'), 'ends')).toBe(startup('plain').toString());
});

test('a port that somebody has is an error', async () => {
  const taken = openDoor({
    port,
    serverPort: 1,
    socketPath: '',
    needsToken: async () => false,
    refusalOf: () => undefined,
    log: () => undefined,
  });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
