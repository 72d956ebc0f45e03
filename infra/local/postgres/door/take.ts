import type { Socket } from 'node:net';

/** The next bytes of a connection, exactly so many; undefined when it ends before. */
export const take = async (socket: Socket, bytes: number): Promise<Buffer | undefined> => {
  const parts: Buffer[] = [];
  for (let missing = bytes; missing > 0; ) {
    // All that is there, if only a part: what is left lying makes the next listener fire at once, and nothing else gets a turn.
    const part: Buffer | null = socket.read(Math.min(missing, socket.readableLength));
    if (part) {
      parts.push(part);
      missing -= part.length;
    } else if (socket.readableEnded || socket.destroyed) return undefined;
    else await moved(socket);
  }
  return Buffer.concat(parts);
};

const SIGNS = ['readable', 'end', 'close'] as const;

const moved = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      for (const sign of SIGNS) socket.off(sign, done);
      resolve();
    };
    for (const sign of SIGNS) socket.on(sign, done);
  });
