import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { askService, awaitService } from '../../../bin/local/ask-service.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

/** Answers with these statuses, one after another, the last one for ever. */
const serviceWith = async (body: string, ...statuses: number[]): Promise<string> => {
  let asked = 0;
  const started = createServer((_request, response) => {
    response.writeHead(statuses[Math.min(asked++, statuses.length - 1)] ?? 500, { connection: 'close' }).end(body);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
};

test('a service is quoted with its status line and its first line', async () => {
  const url = await serviceWith('Welcome\nmore', 200);
  expect(await askService(url)).toEqual({ url, said: '200 OK: Welcome' });
});

test('one without a body is quoted with its status line alone', async () => {
  expect((await askService(await serviceWith('', 404))).said).toBe('404 Not Found');
});

test('one that nobody answers for says so', async () => {
  const url = await serviceWith('', 200);
  server?.close();
  expect((await askService(url)).said).toMatch(/^nothing \(.*ECONNREFUSED/);
});

test('one that is starting is asked again until it answers by itself', async () => {
  expect((await awaitService(await serviceWith('', 503, 502, 200), 10_000)).said).toBe('200 OK');
});

test('an error of its own is an answer', async () => {
  expect((await awaitService(await serviceWith('broken', 500), 10_000)).said).toBe('500 Internal Server Error: broken');
});

test('one that never comes is quoted as it stands when patience ends', async () => {
  expect((await awaitService(await serviceWith('', 503), 0)).said).toBe('503 Service Unavailable');
});
