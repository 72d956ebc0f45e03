import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which the kernel gives ports to outgoing connections, so that it is free again after a restart; none of
 * those that belong to somebody who does not listen yet.
 */
export const freePort = async (keepFree: readonly number[] = []): Promise<number> => {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (!keepFree.includes(port) && (await isFree(port))) return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
