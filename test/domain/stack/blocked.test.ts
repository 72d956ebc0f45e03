import { expect, test } from '@jest/globals';
import { activeSteps, blocked } from '../../../functions/domain/stack/blocked.ts';
import { aDeployment, anEntry, aStack, someTime } from '../../support/records.ts';

const queue = [anEntry('d-2'), anEntry('d-3')];
const active = (name: string) => ({ [name]: { name, status: 'ACTIVE', startedAt: someTime } as const });
const held = aStack({ status: 'MIGRATING', current: { deploymentId: 'd-1', fence: 1 }, queue });

test('the first in the queue waits for who holds the stack, at the steps it is at; the next waits for its turn', () => {
  const holder = aDeployment({ status: 'RUNNING', steps: { ...active('PGMigrate.main') } });
  expect(blocked(held, holder)).toEqual([
    {
      deploymentId: 'd-2',
      by: { kind: 'holder', deploymentId: 'd-1', at: [{ name: 'PGMigrate.main', since: someTime }] },
    },
    { deploymentId: 'd-3', by: { kind: 'turn', deploymentId: 'd-2' } },
  ]);
});

test('a plan that nobody has signed blocks the holder and the queue behind it, until somebody ends it', () => {
  const holder = aDeployment({ status: 'RUNNING', steps: active('AwaitApproval') });
  const approval = { kind: 'approval', deploymentId: 'd-1' };
  expect(blocked(held, holder).slice(0, 2)).toEqual([
    { deploymentId: 'd-1', by: approval },
    { deploymentId: 'd-2', by: approval },
  ]);
  expect(blocked(held, { ...holder, cancelledBy: 'ada' })[0]).toMatchObject({
    deploymentId: 'd-2',
    by: { kind: 'holder' },
  });
});

test('a CloudFormation stack that somebody else moves blocks the holder', () => {
  const holder = aDeployment({ status: 'WAITING', steps: active('StackWait') });
  expect(blocked(held, holder)[0]).toEqual({
    deploymentId: 'd-1',
    by: { kind: 'moving-stack', stackName: 'prod-shop' },
  });
});

test('a broken stack blocks its queue until somebody frees it', () => {
  const broken = { deploymentId: 'd-0', reason: { code: 'X', message: 'x' }, left: [], operatorNeeded: true };
  expect(blocked(aStack({ status: 'BROKEN', queue, broken }), undefined)[0]).toEqual({
    deploymentId: 'd-2',
    by: { kind: 'broken-stack', stackName: 'prod-shop', operatorNeeded: true },
  });
});

test('what nothing blocks is about to begin', () => {
  expect(blocked(aStack({ queue: queue.slice(0, 1) }), undefined)).toEqual([
    { deploymentId: 'd-2', by: { kind: 'dispatch' } },
  ]);
  expect(blocked(aStack(), undefined)).toEqual([]);
});

test('steps that are at work are told as they began', () => {
  const later = { name: 'CFPlan', status: 'ACTIVE', startedAt: '2026-08-01T10:00:01.000Z' } as const;
  const done = { name: 'StackWait', status: 'DONE' } as const;
  expect(activeSteps({ steps: { CFPlan: later, ...active('PGUpsert.main'), StackWait: done } })).toEqual([
    { name: 'PGUpsert.main', since: someTime },
    { name: 'CFPlan', since: later.startedAt },
  ]);
});
