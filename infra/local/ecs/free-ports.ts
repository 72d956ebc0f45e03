import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range that systems take outgoing connections from, so that none of those takes a port between look and use. */
const FIRST = 10_240;
const LAST = 32_767;
const TRIES = 200;

/** Gives out host ports that nobody listens on, each to one task at a time. */
export const freePorts = () => {
  const taken = new Set<number>();
  return {
    take: async (): Promise<number> => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const port = randomInt(FIRST, LAST + 1);
        if (taken.has(port)) continue;
        taken.add(port);
        if (await isFree(port)) return port;
        taken.delete(port);
      }
      throw new Error(`no free port found between ${FIRST} and ${LAST} in ${TRIES} tries`);
    },
    give: (port: number): void => {
      taken.delete(port);
    },
  };
};

export type FreePorts = ReturnType<typeof freePorts>;

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
