import { describe, expect, test } from '@jest/globals';
import { plain } from '../../../bin/view/paint.ts';
import { type StackView, stackLines } from '../../../bin/view/stack-lines.ts';
import { anEntry, aStack } from '../../support/records.ts';
import { aPlan, aPush, aStep, at, now } from './records.ts';

const lines = (view: Partial<StackView>) =>
  stackLines({ stack: aStack(), current: undefined, queued: [], waits: [], last: [], ...view }, now(5_000), plain);

const broken = {
  deploymentId: 'd-1',
  reason: { code: 'MigrationFailed', message: 'No such table', remedy: 'Correct it' },
  left: ['The services are scaled down to 0'],
  operatorNeeded: true,
};

describe('A stack as `slipway status` shows it', () => {
  test('at rest', () => {
    expect(lines({})).toEqual(['prod-shop  AVAILABLE']);
  });

  test('held by a deployment, at which step, for how long, with others behind it', () => {
    const current = aPush({ status: 'RUNNING', plan: aPlan }, [
      aStep('CFPlan'),
      { name: 'InfraMigrate', status: 'ACTIVE', startedAt: at(0) },
      { name: 'PGMigrate.main', status: 'ACTIVE', startedAt: at(0) },
    ]);
    const stack = aStack({
      status: 'MIGRATING',
      current: { deploymentId: 'd-1', fence: 1 },
      queue: [anEntry('d-2'), anEntry('d-3')],
    });
    expect(lines({ stack, current, queued: [aPush({ id: 'd-2' })] })).toEqual([
      'prod-shop  MIGRATING',
      '  now: d-1 (61648b7) by alice, 5.0 s: RUNNING, BEFORE at InfraMigrate, 5.0 s; PGMigrate.main, 5.0 s',
      '  queued 1: d-2 (61648b7) by alice, 5.0 s: waits for d-1 (InfraMigrate, 5.0 s; PGMigrate.main, 5.0 s)',
      '  queued 2: d-3, 5.0 s: waits for d-2',
    ]);
  });

  test('waiting for a person, with the command to type', () => {
    const current = aPush({ status: 'RUNNING' }, [{ name: 'AwaitApproval', status: 'ACTIVE', startedAt: at(0) }]);
    expect(lines({ current })).toContain('  A person has to sign its plan: npm run slipway -- approve d-1');
  });

  test('with a queue that waits for a person', () => {
    const current = aPush({ status: 'RUNNING' }, [{ name: 'AwaitApproval', status: 'ACTIVE', startedAt: at(0) }]);
    const stack = aStack({ current: { deploymentId: 'd-1', fence: 1 }, queue: [anEntry('d-2')] });
    expect(lines({ stack, current }).at(-1)).toBe(
      '  queued 1: d-2, 5.0 s: waits for a person to sign the plan of d-1: npm run slipway -- approve d-1',
    );
  });

  test('with a queue that a broken stack holds up, or nothing', () => {
    const queue = [anEntry('d-2')];
    expect(lines({ stack: aStack({ status: 'BROKEN', broken, queue }) })).toContain(
      '  queued 1: d-2, 5.0 s: waits until prod-shop is set right: npm run slipway -- resume prod-shop',
    );
    expect(lines({ stack: aStack({ queue }) })).toContain('  queued 1: d-2, 5.0 s: is about to begin, within a minute');
  });

  test('with requests that wait for their images', () => {
    const waits = [{ requestId: 'r-1', stackName: 'prod-shop', images: ['shop:1', 'shop:2'], since: at(2_000) }];
    expect(lines({ waits })).toContain('  not queued yet: request r-1, 3.0 s: waits for shop:1, shop:2');
  });

  test('broken: why, what was left, and what to do next', () => {
    expect(lines({ stack: aStack({ status: 'BROKEN', broken }) })).toEqual([
      'prod-shop  BROKEN',
      '  broken by d-1',
      '  What happened:      No such table',
      '  State of the world: The services are scaled down to 0',
      '  What to do:         Correct it',
      '  Then: npm run slipway -- resume prod-shop',
    ]);
  });

  test('broken without need of an operator: a push may mend it', () => {
    const stack = aStack({ status: 'BROKEN', broken: { ...broken, operatorNeeded: false } });
    expect(lines({ stack }).at(-1)).toBe(
      '  Push a fix, which runs by itself where the environment fixes forward; or: npm run slipway -- resume prod-shop',
    );
  });

  test('with a fix on its way', () => {
    expect(lines({ stack: aStack({ status: 'MIGRATING', broken }) })).toContain(
      '  was broken by d-1; a fix is on its way',
    );
  });

  test('with its last deployments in columns', () => {
    const last = [aPush({ status: 'FAILED', plan: aPlan }), aPush({ id: 'd-0', status: 'DONE', strategy: 'quick' })];
    expect(lines({ last }).slice(1)).toEqual([
      '  2026-08-01T10:00:00Z  FAILED      61648b7  BEFORE         3.0 s  d-1  by alice',
      '  2026-08-01T10:00:00Z  DONE        61648b7  quick          3.0 s  d-0  by alice',
    ]);
  });
});
