import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** What somebody introduced himself with, and the password that was asked for. */
export interface Login {
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

type Answer = 'lets in' | 'refuses' | 'asks for a hash';

/** The first messages of a PostgreSQL server; whoever is let in hears back what he sends. */
export const fakePostgres = async (answer: Answer = 'lets in') => {
  const logins: Login[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    converse(socket, answer, (login) => logins.push(login)).catch(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    logins,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

const converse = async (socket: Socket, answer: Answer, onLogin: (login: Login) => void) => {
  const startup = await next(socket);
  const [, user = '', database = ''] = /user\0(.*?)\0database\0(.*?)\0/.exec(startup.toString('latin1')) ?? [];
  if (answer === 'asks for a hash') socket.write(message('R', int32(5), Buffer.from('salt')));
  else socket.write(message('R', int32(3)));
  const password = (await next(socket)).toString('utf8', 5).replace('\0', '');
  onLogin({ user, database, password });
  if (answer === 'refuses') {
    socket.end(message('E', Buffer.from(`SFATAL\0C28000\0MPAM authentication failed for user "${user}"\0\0`)));
    return;
  }
  socket.write(Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]));
  socket.pipe(socket);
};

const next = async (socket: Socket): Promise<Buffer> => {
  const arrived = once(socket, 'data');
  socket.resume();
  const [bytes] = await arrived;
  socket.pause();
  return bytes;
};

const int32 = (number: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
};

const message = (type: string, ...parts: readonly Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};

/** How a client begins: with its version of the protocol and what it says of itself. */
export const startupMessage = (parameters: Readonly<Record<string, string>>, protocol = 196_608): Buffer => {
  const pairs = Object.entries(parameters).flat();
  const body = pairs.length ? Buffer.from(`${pairs.join('\0')}\0\0`) : Buffer.alloc(0);
  return Buffer.concat([int32(body.length + 8), int32(protocol), body]);
};
