import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { ociDigest } from '../../../functions/adapters/oci/registry.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Answer = (request: IncomingMessage, url: URL, response: ServerResponse) => void;

/** Every host of the world in one local server; each request is remembered as `METHOD host/path`. */
const registry = async (answer: Answer) => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `https://${request.headers['x-host']}`);
    seen.push(`${request.method} ${url.host}${url.pathname}`);
    answer(request, url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const fetcher = (url: string, init: RequestInit = {}) => {
    const { protocol, host, pathname, search } = new URL(url);
    if (protocol !== 'https:') throw new Error(`asked over ${protocol}`);
    const headers = { ...(init.headers as Record<string, string>), 'x-host': host };
    return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { ...init, headers });
  };
  return { digest: ociDigest(fetcher), seen };
};

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const found: Answer = (_request, _url, response) => response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_request, _url, response) =>
    response.writeHead(code, headers).end();

/** A registry that gives a token to anyone who asks its realm, and images to whoever has it. */
const challenging =
  (token: (url: URL) => object): Answer =>
  (request, url, response) => {
    if (url.host === 'auth.example') response.end(JSON.stringify(token(url)));
    else if (request.headers.authorization === 'Bearer t0ken') found(request, url, response);
    else {
      const challenge =
        'Bearer realm="https://auth.example/token?v=2",service="registry.example",scope="repository:a/b:pull"';
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  };

test.each([
  ['nginx', 'registry-1.docker.io/v2/library/nginx/manifests/latest'],
  ['nginx:1.25', 'registry-1.docker.io/v2/library/nginx/manifests/1.25'],
  ['acme/shop:1', 'registry-1.docker.io/v2/acme/shop/manifests/1'],
  ['docker.io/nginx', 'registry-1.docker.io/v2/library/nginx/manifests/latest'],
  ['docker.io/acme/shop:1', 'registry-1.docker.io/v2/acme/shop/manifests/1'],
  ['index.docker.io/library/nginx:1', 'registry-1.docker.io/v2/library/nginx/manifests/1'],
  ['ghcr.io/acme/shop:1', 'ghcr.io/v2/acme/shop/manifests/1'],
  ['registry.example:5000/shop', 'registry.example:5000/v2/shop/manifests/latest'],
  ['localhost/shop:1', 'localhost/v2/shop/manifests/1'],
  ['public.ecr.aws/a/b/c:x.y-z', 'public.ecr.aws/v2/a/b/c/manifests/x.y-z'],
])('%s is asked for where it lies', async (reference, place) => {
  const { digest, seen } = await registry(found);
  expect(await digest(reference)).toBe(DIGEST);
  expect(seen).toEqual([`HEAD ${place}`]);
});

test('a digest in the name is the answer, without a question', async () => {
  const { digest, seen } = await registry(found);
  expect(await digest(`ghcr.io/acme/shop@${DIGEST}`)).toBe(DIGEST);
  expect(await digest(`ghcr.io/acme/shop:1@${DIGEST}`)).toBe(DIGEST);
  expect(seen).toEqual([]);
});

test('manifests of one platform and of many are accepted, in both dialects', async () => {
  let accept = '';
  const { digest } = await registry((request, url, response) => {
    accept = String(request.headers.accept);
    found(request, url, response);
  });
  await digest('nginx');
  expect(accept.split(', ')).toHaveLength(4);
  expect(accept).toContain('application/vnd.oci.image.index.v1+json');
});

test('a challenge is answered with the token that its realm gives to anyone', async () => {
  const asked: URL[] = [];
  const { digest, seen } = await registry(
    challenging((url) => {
      asked.push(url);
      return { token: 't0ken' };
    }),
  );
  expect(await digest('registry.example/a/b:1')).toBe(DIGEST);
  expect(seen).toEqual([
    'HEAD registry.example/v2/a/b/manifests/1',
    'GET auth.example/token',
    'HEAD registry.example/v2/a/b/manifests/1',
  ]);
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
    v: '2',
    service: 'registry.example',
    scope: 'repository:a/b:pull',
  });
});

test('some realms call it access_token', async () => {
  const { digest } = await registry(challenging(() => ({ access_token: 't0ken' })));
  expect(await digest('registry.example/a/b:1')).toBe(DIGEST);
});

test.each([
  ['a missing image', status(404)],
  ['a repository that is private', status(403)],
  ['a token that does not help', challenging(() => ({ token: 'wrong' }))],
  ['a realm that gives no token', challenging(() => ({}))],
  ['a challenge that wants a password', status(401, { 'www-authenticate': 'Basic realm="https://auth.example/"' })],
  ['a challenge without a realm', status(401)],
  ['a realm that is no address', status(401, { 'www-authenticate': 'Bearer realm="nowhere"' })],
  ['an answer without a digest', status(200)],
])('there is no digest for %s', async (_, answer) => {
  const { digest } = await registry(answer);
  expect(await digest('registry.example/a/b:1')).toBeUndefined();
});

test('a realm that refuses gives no digest', async () => {
  const { digest } = await registry((request, url, response) =>
    url.host === 'auth.example' ? status(403)(request, url, response) : challenging(() => ({}))(request, url, response),
  );
  expect(await digest('registry.example/a/b:1')).toBeUndefined();
});

test.each([
  [429, 'Throttled'],
  [500, 'Unavailable'],
  [503, 'Unavailable'],
])('a registry that answers %s is %s, and named', async (code, name) => {
  const { digest } = await registry(status(code));
  await expect(digest('registry.example/a/b:1')).rejects.toMatchObject({
    name,
    message: `registry.example answered ${code}`,
  });
});

test('a realm that is throttled is named as well', async () => {
  const { digest } = await registry((request, url, response) =>
    url.host === 'auth.example' ? status(429)(request, url, response) : challenging(() => ({}))(request, url, response),
  );
  await expect(digest('registry.example/a/b:1')).rejects.toMatchObject({
    name: 'Throttled',
    message: 'auth.example answered 429',
  });
});
