import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { prober } from '../../../bin/local/prober.ts';
import { until } from '../../support/until.ts';

const servers: Server[] = [];

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const asked = (seen: readonly unknown[], count: number) => until(`${count} requests`, async () => seen.length >= count);

describe('A prober', () => {
  test('asks over and over, each time on another connection, and tells every answer', async () => {
    const ports: (number | undefined)[] = [];
    const url = await serve(({ socket, headers }, response) => {
      ports.push(socket.remotePort);
      if (headers.connection !== 'close') response.writeHead(400);
      response.end('ok');
    });
    const users = prober(url, { everyMillis: 1 });
    await asked(ports, 5);
    const probes = await users.stop();
    expect(probes).toHaveLength(ports.length);
    expect(new Set(ports).size).toBe(ports.length);
    expect(probes.filter(({ failure }) => failure !== undefined)).toEqual([]);
    for (const { sentAt, answeredAt } of probes) expect(answeredAt).toBeGreaterThan(sentAt);
    expect(probes.map(({ sentAt }) => sentAt)).toEqual(
      probes.map(({ sentAt }) => sentAt).toSorted((one, other) => one - other),
    );
  });

  test('tells what came instead of a good answer', async () => {
    const turns: RequestListener[] = [
      (_request, response) => response.writeHead(503, 'Service Unavailable').end(),
      (_request, response) => response.writeHead(302, { location: '/' }).end(),
      (_request, response) => {
        response.writeHead(200, { 'content-length': '10' }).write('half');
        setTimeout(() => response.destroy(), 5);
      },
      ({ socket }) => socket.destroy(),
      () => {},
    ];
    const seen: number[] = [];
    const url = await serve((request, response) => {
      seen.push(seen.length);
      const turn = turns[seen.length - 1];
      if (turn) turn(request, response);
      else response.end('ok');
    });
    const users = prober(url, { everyMillis: 5, patienceMillis: 1_000 });
    await asked(seen, 8);
    const failures = (await users.stop()).flatMap(({ failure }) => failure ?? []);
    expect(failures.toSorted()).toEqual([
      '302 Found',
      '503 Service Unavailable',
      'aborted',
      'no answer in time',
      'socket hang up',
    ]);
  });

  test('tells of a service that is not there', async () => {
    const url = await serve(() => {});
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const users = prober(url, { everyMillis: 1 });
    const [first] = await users.stop();
    expect(first?.failure).toMatch(/ECONNREFUSED/);
  });

  test('does not bury a service that hangs', async () => {
    const waiting: ServerResponse[] = [];
    const url = await serve((_request, response) => waiting.push(response));
    const users = prober(url, { everyMillis: 1, patienceMillis: 60_000 });
    await asked(waiting, 25);
    await sleep(50);
    expect(waiting).toHaveLength(25);
    const stopped = users.stop();
    for (const response of waiting) response.end('at last');
    expect(await stopped).toHaveLength(25);
  });

  test('ceases when it is left', async () => {
    const seen: number[] = [];
    const url = await serve((_request, response) => {
      seen.push(1);
      response.end();
    });
    const leaving = new AbortController();
    const users = prober(url, { everyMillis: 1, signal: leaving.signal });
    await asked(seen, 2);
    leaving.abort();
    const { length } = await users.stop();
    await sleep(20);
    expect(seen).toHaveLength(length);
  });
});
