import { describe, expect, test } from '@jest/globals';
import { changeLines } from '../../../bin/view/change-lines.ts';
import { aPlan, aPush, aStep, at } from './records.ts';

const active = (name: string) => ({ name, status: 'ACTIVE' as const, startedAt: at(0) });

describe('Lines for output that is never redrawn', () => {
  test('name the stack and the commit, and tell the status', () => {
    expect(changeLines(undefined, aPush())).toEqual(['prod-shop 61648b7: QUEUED']);
  });

  test('tell each change once', () => {
    const before = aPush({ status: 'RUNNING' }, [active('StackWait')]);
    const after = aPush({ status: 'RUNNING' }, [aStep('StackWait'), active('CFPlan')]);
    expect(changeLines(before, after)).toEqual([
      'prod-shop 61648b7: CFPlan ACTIVE',
      'prod-shop 61648b7: StackWait DONE after 1.0 s',
    ]);
    expect(changeLines(after, after)).toEqual([]);
  });

  test('tell the plan after what it was made from, and before what it leads to', () => {
    const before = aPush({ status: 'RUNNING' }, [active('EvalJoin')]);
    const after = aPush({ status: 'RUNNING', plan: aPlan }, [
      aStep('EvalJoin', { outputs: { mode: 'BEFORE' } }),
      { ...active('InfraMigrate'), startedAt: at(2_000) },
    ]);
    expect(changeLines(before, after)).toEqual([
      'prod-shop 61648b7: EvalJoin DONE after 1.0 s (BEFORE)',
      'prod-shop 61648b7: mode BEFORE, no outage expected',
      'prod-shop 61648b7:   Nothing serves yet.',
      'prod-shop 61648b7: InfraMigrate ACTIVE',
    ]);
  });

  test('tell what follows from the plan after its reasons, once', () => {
    const after = aPush({ status: 'RUNNING', plan: aPlan });
    const explanation = ['The service comes last.'];
    expect(changeLines(aPush({ status: 'RUNNING' }), after, explanation)).toEqual([
      'prod-shop 61648b7: mode BEFORE, no outage expected',
      'prod-shop 61648b7:   Nothing serves yet.',
      'prod-shop 61648b7:   The service comes last.',
    ]);
    expect(changeLines(after, after, explanation)).toEqual([]);
  });

  test('tell an end after its last step', () => {
    const before = aPush({ status: 'RUNNING' }, [active('VersionMigrate')]);
    const after = aPush({ status: 'DONE' }, [aStep('VersionMigrate')]);
    expect(changeLines(before, after)).toEqual([
      'prod-shop 61648b7: VersionMigrate DONE after 1.0 s',
      'prod-shop 61648b7: DONE',
    ]);
  });

  test('tell who is asked to sign, and how', () => {
    const after = aPush({ status: 'RUNNING' }, [active('AwaitApproval')]);
    expect(changeLines(aPush({ status: 'RUNNING' }), after)).toContain(
      'prod-shop 61648b7: a person has to sign this plan: npm run slipway -- approve d-1',
    );
  });
});
