import { expect, test } from '@jest/globals';
import { strategies } from '../../../functions/domain/plan/strategy.ts';
import { strategyRefusal } from '../../../functions/domain/plan/strategy-refusal.ts';
import type { Release } from '../../../functions/domain/release.ts';
import { aRelease } from '../../support/memory-slipway.ts';

const release = aRelease(1);
const bare: Release = { ...release, databases: [] };
const withSecret: Release = {
  ...release,
  template: { Resources: { Token: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: '/prod/shop/token' } } } },
};

test.each(['destroy-database', 'recreate-database'] as const)(
  '%s needs the name of the stack, and says so',
  (strategy) => {
    expect(strategyRefusal(strategy, 'prod-shop', release)).toBeUndefined();
    const expected = 'nothing was queued. Ask again with "confirm": "prod-shop"';
    expect(strategyRefusal(strategy, undefined, release)).toContain(`the request confirms nothing: ${expected}`);
    expect(strategyRefusal(strategy, 'prod-shop2', release)).toContain(`confirms "prod-shop2": ${expected}`);
  },
);

test.each(['db-only', 'destroy-database', 'recreate-database', 'rotate-credentials'] as const)(
  '%s is refused for an application without a database, confirmed or not',
  (strategy) => {
    for (const confirm of [undefined, 'prod-shop'])
      expect(strategyRefusal(strategy, confirm, bare)).toBe(
        `${strategy} is about databases, and shop declares none: nothing was queued`,
      );
  },
);

test('import is refused for a release that has nothing to take over', () => {
  expect(strategyRefusal('import', undefined, release)).toMatch(/shop declares none: nothing was queued/);
  expect(strategyRefusal('import', undefined, withSecret)).toBeUndefined();
});

test('every other strategy asks for nothing, and a confirmation does no harm', () => {
  const free = strategies.filter((each) => !['destroy-database', 'recreate-database', 'import'].includes(each));
  for (const strategy of free)
    for (const confirm of [undefined, 'prod-shop', 'another'])
      expect([strategy, strategyRefusal(strategy, confirm, release)]).toEqual([strategy, undefined]);
});
