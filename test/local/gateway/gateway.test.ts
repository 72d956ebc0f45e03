import { createServer } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { standingClock } from '../../../infra/local/clock.ts';
import type { InvokeFunction } from '../../../infra/local/function.ts';
import { createGateway, type Gateway } from '../../../infra/local/gateway/gateway.ts';
import type { Part } from '../../../infra/local/part.ts';
import { openStore } from '../../../infra/local/store.ts';
import { AwsError } from '../../../infra/local/wire/service.ts';
import { create, resourceRequest, testWorld } from '../test-world.ts';

const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:hook';
const open: Part[] = [];
afterEach(async () => {
  for (const part of open.splice(0)) await part.stop?.();
});

interface Event {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly [name: string]: unknown;
}

const echo: InvokeFunction = async (_arn, payload) => ({ payload });
const returning =
  (value: unknown): InvokeFunction =>
  async () => ({ payload: JSON.stringify(value) });

const started = async (
  invoke: InvokeFunction = echo,
  given: Parameters<typeof testWorld>[0] = {},
  allowed = (_arn: string, _principal: string, _source: string) => true,
) => {
  const world = testWorld(given);
  const gateway = createGateway(world, { invoke, allowed });
  open.push(gateway);
  await gateway.start?.();
  return { world, gateway };
};

const api = async (gateway: Part & Gateway, routeKeys = ['ANY /{proxy+}'], StageName = '$default') => {
  const made = await create(gateway, 'AWS::ApiGatewayV2::Api', 'Api', { Name: 'hooks', ProtocolType: 'HTTP' });
  const ApiId = made.physicalId;
  const integration = await create(gateway, 'AWS::ApiGatewayV2::Integration', 'Integration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION,
    PayloadFormatVersion: '2.0',
  });
  for (const RouteKey of routeKeys)
    await create(gateway, 'AWS::ApiGatewayV2::Route', RouteKey, {
      ApiId,
      RouteKey,
      Target: `integrations/${integration.physicalId}`,
    });
  await create(gateway, 'AWS::ApiGatewayV2::Stage', 'Stage', {
    ApiId,
    StageName,
    AutoDeploy: true,
    StageVariables: { a: 'b' },
  });
  return { ApiId, url: String(made.attributes['ApiEndpoint']) };
};

const answered = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
};

test('a request becomes the event of payload format 2.0', async () => {
  const { gateway } = await started();
  const { url, ApiId } = await api(gateway, ['POST /hooks/{name}']);
  const { body } = await answered(`${url}/hooks/push?a=1&a=2&b=x%20y`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Upper-Case': 'Kept',
      Cookie: 'one=1; two=2',
      'user-agent': 'GitHub',
    },
    body: '{"ok":true}',
  });
  expect(JSON.parse(body)).toMatchObject({
    version: '2.0',
    routeKey: 'POST /hooks/{name}',
    rawPath: '/hooks/push',
    rawQueryString: 'a=1&a=2&b=x%20y',
    queryStringParameters: { a: '1,2', b: 'x y' },
    cookies: ['one=1', 'two=2'],
    headers: { 'content-type': 'application/json', 'x-upper-case': 'Kept' },
    pathParameters: { name: 'push' },
    stageVariables: { a: 'b' },
    requestContext: {
      accountId: '111122223333',
      apiId: ApiId,
      stage: '$default',
      routeKey: 'POST /hooks/{name}',
      requestId: expect.any(String),
      timeEpoch: expect.any(Number),
      time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      http: { method: 'POST', path: '/hooks/push', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'GitHub' },
    },
    body: '{"ok":true}',
    isBase64Encoded: false,
  });
});

test.each([
  ['application/json', false],
  ['application/json; charset=utf-8', false],
  ['text/plain', false],
  ['application/vnd.github+json', false],
  ['application/x-www-form-urlencoded', true],
  ['application/octet-stream', true],
])('a body of type %s arrives in base64: %s', async (type, encoded) => {
  const { gateway } = await started();
  const { url } = await api(gateway);
  const bytes = Buffer.from('payload=%7B%22%C3%A4%22%7D ä');
  const { body } = await answered(`${url}/x`, { method: 'POST', headers: { 'content-type': type }, body: bytes });
  const event: Event = JSON.parse(body);
  expect(event.isBase64Encoded).toBe(encoded);
  expect(Buffer.from(event.body ?? '', encoded ? 'base64' : 'utf8').equals(bytes)).toBe(true);
});

test('bytes that are no text survive the way in and out', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const mirror: InvokeFunction = async (_arn, payload) => {
    const { body, isBase64Encoded }: Event = JSON.parse(payload);
    return {
      payload: JSON.stringify({ statusCode: 200, body, isBase64Encoded, headers: { 'content-type': 'image/png' } }),
    };
  };
  const { gateway } = await started(mirror);
  const { url } = await api(gateway);
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
  const response = await fetch(`${url}/x`, { method: 'PUT', headers, body: bytes });
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  expect(response.headers.get('content-type')).toBe('image/png');
});

test('a request without a body has none, and no base64', async () => {
  const { gateway } = await started();
  const { url } = await api(gateway);
  const event: Event = JSON.parse((await answered(`${url}/x`)).body);
  expect([event.body, event.isBase64Encoded]).toEqual([undefined, false]);
});

test('a result with a status is a response; one without is the JSON body of a 200', async () => {
  const full = { statusCode: 202, headers: { 'X-Made': 7 }, cookies: ['a=1', 'b=2'], body: 'done' };
  const first = await started(returning(full));
  const { url } = await api(first.gateway);
  const response = await answered(`${url}/x`);
  expect([response.status, response.body, response.headers.get('x-made')]).toEqual([202, 'done', '7']);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  const second = await started(returning({ hello: 1 }));
  const bare = await answered(`${(await api(second.gateway)).url}/x`);
  expect([bare.status, bare.body, bare.headers.get('content-type')]).toEqual([200, '{"hello":1}', 'application/json']);
});

test.each<[string, InvokeFunction, number, string]>([
  [
    'a function that fails',
    async () => ({ payload: '{"errorType":"Error"}', functionError: 'Unhandled' }),
    500,
    'Internal Server Error',
  ],
  ['a response without a sensible status', returning({ statusCode: 'x' }), 500, 'Internal Server Error'],
  ['a response whose body is no text', returning({ statusCode: 200, body: { a: 1 } }), 500, 'Internal Server Error'],
  [
    'a function that is gone',
    async () => {
      throw new AwsError('ResourceNotFoundException', 'gone', 404);
    },
    500,
    'Internal Server Error',
  ],
  [
    'an event too large for Lambda',
    async () => {
      throw new AwsError('RequestEntityTooLargeException', 'too large', 413);
    },
    413,
    'Request Entity Too Large',
  ],
])('%s is answered in the words of API Gateway', async (_what, invoke, status, message) => {
  const { gateway } = await started(invoke);
  const { url } = await api(gateway);
  const response = await answered(`${url}/x`);
  expect([response.status, JSON.parse(response.body)]).toEqual([status, { message }]);
});

test('no route is 404, a body above 10 MB is 413', async () => {
  const { gateway } = await started();
  const { url } = await api(gateway, ['POST /webhook']);
  const missing = await answered(`${url}/other`);
  expect([missing.status, missing.body]).toEqual([404, '{"message":"Not Found"}']);
  const large = await answered(`${url}/webhook`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect([large.status, large.body]).toEqual([413, '{"message":"Request Entity Too Large"}']);
});

test('a function that takes longer than 30 seconds by the clock is a 503', async () => {
  const clock = standingClock();
  const { gateway } = await started(
    async () => {
      await clock.advance(30_000);
      return new Promise(() => undefined);
    },
    { clock },
  );
  const { url } = await api(gateway);
  const response = await answered(`${url}/x`);
  expect([response.status, response.body]).toEqual([503, '{"message":"Service Unavailable"}']);
});

test('a function without a permission for the route is not invoked, and the refusal is logged', async () => {
  const asked: string[][] = [];
  const { gateway, world } = await started(
    async () => {
      throw new Error('invoked');
    },
    {},
    (...question) => {
      asked.push(question);
      return false;
    },
  );
  const { url, ApiId } = await api(gateway, ['POST /webhook']);
  expect((await answered(`${url}/webhook`, { method: 'POST' })).status).toBe(500);
  const source = `arn:aws:execute-api:eu-central-1:111122223333:${ApiId}/$default/POST/webhook`;
  expect(asked).toEqual([[FUNCTION, 'apigateway.amazonaws.com', source]]);
  expect(world.lines.join()).toContain(`${FUNCTION} has no permission for apigateway.amazonaws.com from ${source}`);
});

test('a named stage stands in front of the path', async () => {
  const { gateway } = await started();
  const { url } = await api(gateway, ['GET /x'], 'v1');
  expect(JSON.parse((await answered(`${url}/v1/x`)).body)).toMatchObject({ routeKey: 'GET /x', rawPath: '/v1/x' });
  expect((await answered(`${url}/x`)).status).toBe(404);
});

test('an API has the same address after a restart, or another when its port is taken', async () => {
  const store = openStore();
  const first = await started(echo, { store });
  const { url, ApiId } = await api(first.gateway);
  await first.gateway.stop?.();
  const second = await started(echo, { store });
  expect(second.gateway.endpoint(ApiId)).toBe(url);
  expect((await answered(`${url}/x`)).status).toBe(200);
  await second.gateway.stop?.();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(Number(new URL(url).port), '127.0.0.1', resolve));
  const third = await started(echo, { store });
  expect(third.gateway.endpoint(ApiId)).not.toBe(url);
  expect(third.world.lines.join()).toContain('is taken by another process');
  await new Promise((resolve) => other.close(resolve));
});

test('a deleted API answers no more, and its id is unknown', async () => {
  const { gateway } = await started();
  const { url, ApiId } = await api(gateway);
  await gateway.resources?.['AWS::ApiGatewayV2::Api']?.delete({
    ...resourceRequest('AWS::ApiGatewayV2::Api', 'Api', {}),
    physicalId: ApiId,
  });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(() => gateway.endpoint(ApiId)).toThrow(`Invalid API identifier specified ${ApiId}`);
});

test.each([
  ['AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }, 'HTTP APIs only'],
  ['AWS::ApiGatewayV2::Integration', { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'http://x' }, 'AWS_PROXY'],
  [
    'AWS::ApiGatewayV2::Integration',
    { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION, PayloadFormatVersion: '1.0' },
    '2.0 only',
  ],
  ['AWS::ApiGatewayV2::Route', { RouteKey: 'GET /', AuthorizationType: 'JWT' }, 'without an authorizer only'],
])('%s with %j is refused rather than misread', async (type, properties, message) => {
  const { gateway } = await started();
  await expect(create(gateway, type, 'X', properties)).rejects.toThrow(message);
});
