import { expect, test } from '@jest/globals';
import { findRoute } from '../../../infra/local/gateway/route.ts';

const ROUTES = [
  '$default',
  'GET /{proxy+}',
  'ANY /items/{proxy+}',
  'GET /items/{id}',
  'GET /items/first',
  'ANY /items/{id}/parts',
  'POST /webhook',
  'GET /',
].map((routeKey) => ({ routeKey }));

test.each([
  ['POST', '/webhook', 'POST /webhook', {}],
  ['GET', '/items/first', 'GET /items/first', {}],
  ['GET', '/items/7', 'GET /items/{id}', { id: '7' }],
  ['PUT', '/items/7', 'ANY /items/{proxy+}', { proxy: '7' }],
  ['PUT', '/items/7/parts', 'ANY /items/{id}/parts', { id: '7' }],
  ['GET', '/items/7/parts/8', 'ANY /items/{proxy+}', { proxy: '7/parts/8' }],
  ['GET', '/a%20b/c', 'GET /{proxy+}', { proxy: 'a b/c' }],
  ['GET', '/', 'GET /', {}],
  ['DELETE', '/else', '$default', {}],
])('%s %s is taken by the most specific route', (method, path, routeKey, pathParameters) => {
  expect(findRoute(ROUTES, method, path)).toMatchObject({ route: { routeKey }, pathParameters });
});

test('without a default route, what fits no route has none', () => {
  expect(findRoute([{ routeKey: 'POST /webhook' }], 'GET', '/webhook')).toBeUndefined();
  expect(findRoute([{ routeKey: 'POST /webhook' }], 'POST', '/webhook/more')).toBeUndefined();
});
