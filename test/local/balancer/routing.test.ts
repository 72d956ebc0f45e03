import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Action, RuleRecord } from '../../../infra/local/balancer/balancer-records.ts';
import { fitsMatcher } from '../../../infra/local/balancer/health-check.ts';
import { actionsFor, hostFrom } from '../../../infra/local/balancer/routing.ts';
import { weightedTurn } from '../../../infra/local/balancer/weighted-turn.ts';

const to = (arn: string): readonly Action[] => [{ type: 'forward', targetGroups: [{ arn, weight: 1 }] }];
const rule = (priority: number, conditions: RuleRecord['conditions'], arn = String(priority)): RuleRecord => ({
  arn,
  listenerArn: 'listener',
  priority,
  conditions,
  actions: to(arn),
});
const request = (path: string, host = '127.0.0.1') => ({ method: 'GET', path, host, headers: { 'x-kind': 'Blue' } });
const path = (...values: string[]) => ({ field: 'path-pattern' as const, values });
const host = (...values: string[]) => ({ field: 'host-header' as const, values });

test.each([
  ['/shop', '/shop*', true],
  ['/shop/cart', '/shop*', true],
  ['/shop/a/b', '/shop/*', true],
  ['/Shop', '/shop*', false],
  ['/a.b', '/a?b', true],
  ['/axb', '/a.b', false],
])('the path %s under the pattern %s: %s', (given, pattern, fits) => {
  expect(actionsFor(request(given), [rule(1, [path(pattern)])], to('default'))).toEqual(to(fits ? '1' : 'default'));
});

test('hosts are compared without regard to case; *.* holds for an address of this machine', () => {
  expect(actionsFor(request('/', hostFrom('127.0.0.1:8080')), [rule(1, [host('*.*')])], to('default'))).toEqual(
    to('1'),
  );
  const rules = [rule(1, [host('api.example.com', '*.Shop.example')])];
  expect(actionsFor(request('/', 'Cart.SHOP.example'), rules, to('default'))).toEqual(to('1'));
  expect(actionsFor(request('/', 'shop.example'), rules, to('default'))).toEqual(to('default'));
});

test('all conditions of a rule must hold', () => {
  const both = [rule(1, [path('/a*'), host('example.com')])];
  expect(actionsFor(request('/a', 'example.com'), both, to('default'))).toEqual(to('1'));
  expect(actionsFor(request('/a', 'example.org'), both, to('default'))).toEqual(to('default'));
  const headers = [rule(1, [{ field: 'http-header', header: 'X-Kind', values: ['b*'] }])];
  expect(actionsFor(request('/'), headers, to('default'))).toEqual(to('1'));
  const method = [rule(1, [{ field: 'http-request-method', values: ['POST'] }])];
  expect(actionsFor(request('/'), method, to('default'))).toEqual(to('default'));
});

test('the lowest priority that matches always wins, in whatever order the rules come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50_000 }), { minLength: 1 }), (priorities) => {
      const rules = priorities.map((priority) => rule(priority, [path(priority % 2 ? '/odd' : '/even')]));
      const odd = priorities.filter((priority) => priority % 2);
      const wanted = odd.length ? String(Math.min(...odd)) : 'default';
      expect(actionsFor(request('/odd'), rules, to('default'))).toEqual(to(wanted));
    }),
  );
});

test('weights divide the requests exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      fc.pre(total > 0);
      const turn = weightedTurn();
      const groups = weights.map((weight, index) => ({ arn: String(index), weight }));
      const chosen = Array.from({ length: total }, () => turn(groups));
      expect(weights.map((_, index) => chosen.filter((arn) => arn === String(index)).length)).toEqual(weights);
    }),
  );
});

test('matchers are single codes, lists and ranges', () => {
  expect([200, 204, 401, 404, 500].filter((status) => fitsMatcher('200-299,404', status))).toEqual([200, 204, 404]);
  expect(fitsMatcher('200', 201)).toBe(false);
});
