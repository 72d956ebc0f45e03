import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { askPassword, fatal, type Opening, readOpening } from './messages.ts';

export interface DoorOptions {
  readonly port: number;
  /** Where passwords are asked for. */
  readonly serverPort: number;
  /** Where nobody is asked anything. */
  readonly socketPath: string;
  /** Whether a token of IAM, and nothing else, lets this user in. */
  readonly needsToken: (user: string) => Promise<boolean>;
  /** Why a token is not good; undefined when it is. */
  readonly refusalOf: (user: string, token: string) => string | undefined;
  readonly log: (line: string) => void;
}

export interface Door {
  /** Cuts off who is inside, and lets nobody in any more. */
  close(): Promise<void>;
}

/** What PostgreSQL gives a client to log in. */
const PATIENCE_MILLIS = 60_000;

/**
 * Stands before a server as IAM does in RDS: who logs in by token is judged here and led past the server's own question; of
 * everybody else nothing is read but who they are.
 * @throws the error of `listen`, such as EADDRINUSE
 */
export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const inside = new Set<Socket>();
  // Who has said all may still be answered.
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    inside.add(client);
    client.on('close', () => inside.delete(client));
    client.on('error', () => undefined);
    client.setTimeout(PATIENCE_MILLIS, () => client.destroy());
    admit(options, client).catch((error: unknown) => {
      options.log(`a login could not be judged: ${error}`);
      client.destroy();
    });
  });
  await listening(server, options.port);
  return {
    close: () => {
      for (const client of inside) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

const admit = async (options: DoorOptions, client: Socket): Promise<void> => {
  const opening = await readOpening(client);
  const way = opening && (await wayOf(options, client, opening));
  if (!opening || way === 'gone') client.destroy();
  else if (way === 'refused') client.end(fatal('28000', refusalOf(opening)));
  else if (!client.destroyed) lead(client, opening.packet, way === 'token' ? options.socketPath : options.serverPort);
};

type Way = 'token' | 'password' | 'refused' | 'gone';

const wayOf = async (options: DoorOptions, client: Socket, opening: Opening): Promise<Way> => {
  if (opening.kind === 'cancel' || !(await options.needsToken(opening.user))) return 'password';
  const token = await askPassword(client);
  if (token === undefined) return 'gone';
  const because = options.refusalOf(opening.user, token);
  if (because === undefined) return 'token';
  options.log(`${opening.user} is refused: ${because}`);
  return 'refused';
};

const refusalOf = (opening: Opening): string =>
  `PAM authentication failed for user "${opening.kind === 'login' ? opening.user : ''}"`;

/** From here on only bytes pass, at the pace of the slower side; who goes takes the other along. */
const lead = (client: Socket, packet: Buffer, to: number | string): void => {
  client.setTimeout(0);
  const server = typeof to === 'number' ? connect({ port: to, host: '127.0.0.1', noDelay: true }) : connect(to);
  server.write(packet);
  pipeline(client, server, client, () => {
    client.destroy();
    server.destroy();
  });
};

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
