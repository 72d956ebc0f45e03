import type { Socket } from 'node:net';
import { take } from './take.ts';

// https://www.postgresql.org/docs/current/protocol-message-formats.html

/** How a client begins: it logs in, or has another connection's query cancelled. `packet` is what it sent. */
export type Opening =
  | { readonly kind: 'login'; readonly packet: Buffer; readonly user: string }
  | { readonly kind: 'cancel'; readonly packet: Buffer };

const CANCEL = 80877102;
/** SSLRequest and GSSENCRequest: neither is to be had here. */
const ENCRYPTION = new Set([80877103, 80877104]);
/** The most that PostgreSQL reads, of each. */
const LONGEST_OPENING = 10_000;
const LONGEST_PASSWORD = 65_535;

/** Undefined for what is no client of PostgreSQL, or is gone. */
export const readOpening = async (client: Socket): Promise<Opening | undefined> => {
  // Each kind of encryption is asked for once at most.
  for (let asked = 0; asked <= ENCRYPTION.size; asked++) {
    const packet = await readPacket(client, LONGEST_OPENING);
    if (!packet || packet.length < 8) return undefined;
    const code = packet.readInt32BE(4);
    if (code === CANCEL) return { kind: 'cancel', packet };
    if (!ENCRYPTION.has(code)) return { kind: 'login', packet, user: userIn(packet) };
    client.write('N');
  }
  return undefined;
};

/** Asks for the password as it is, and reads it; undefined when the client goes or answers with something else. */
export const askPassword = async (client: Socket): Promise<string | undefined> => {
  client.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
  const type = await take(client, 1);
  if (type?.toString() !== 'p') return undefined;
  const packet = await readPacket(client, LONGEST_PASSWORD);
  return packet?.toString('utf8', 4).split('\0')[0];
};

/** A fatal ErrorResponse. */
export const fatal = (code: string, message: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
};

/** A length that counts itself, and what follows. */
const readPacket = async (client: Socket, longest: number): Promise<Buffer | undefined> => {
  const head = await take(client, 4);
  const length = head?.readInt32BE(0) ?? 0;
  if (!head || length < 4 || length > longest) return undefined;
  const rest = length === 4 ? Buffer.alloc(0) : await take(client, length - 4);
  return rest && Buffer.concat([head, rest]);
};

/** Names and values, each ended by a zero byte. PostgreSQL takes the last of a name that stands there twice. */
const userIn = (packet: Buffer): string => {
  const words = packet.toString('utf8', 8).split('\0');
  const at = words.findLastIndex((word, index) => index % 2 === 0 && word === 'user');
  return words[at + 1] ?? '';
};
