import { expect, test } from '@jest/globals';
import {
  type DeploymentEvent,
  type DeploymentStatus,
  isEnded,
} from '../../../functions/domain/deployment/deployment.ts';
import { transition } from '../../../functions/domain/deployment/transition.ts';
import { deploymentCells } from '../../support/deployment-matrix.ts';
import { aDeployment, reason, someTime } from '../../support/records.ts';

const later = '2026-08-01T11:00:00.000Z';
const after = (status: DeploymentStatus, event: DeploymentEvent, given = {}) =>
  transition(aDeployment({ status, ...given }), event, later);

test.each(deploymentCells())('$name goes where the table says', ({ deployment, event, to, repeats }) => {
  const answer = transition(deployment, event, later);
  if (to) expect(answer).toMatchObject({ kind: 'moved', deployment: { status: to, updatedAt: later } });
  else if (repeats) expect(answer).toEqual({ kind: 'repeated', deployment });
  else expect(answer).toMatchObject({ kind: 'refused', code: deployment ? 'StatusRefuses' : 'NoSuchDeployment' });
});

test('every event that is applied again finds its own effect', () => {
  for (const { name, deployment, event, to } of deploymentCells()) {
    if (!to) continue;
    const once = transition(deployment, event, someTime);
    if (once.kind !== 'moved') throw new Error(name);
    expect([name, transition(once.deployment, event, later)]).toEqual([name, { ...once, kind: 'repeated' }]);
  }
});

test('nothing moves a deployment that has ended', () => {
  for (const { deployment, to } of deploymentCells())
    if (deployment && isEnded(deployment.status)) expect(to).toBeUndefined();
});

test.each(['BLOCKED', 'READY', 'ACTIVE', 'FAILED'] as const)(
  'F16: a deployment with a step that is %s is not DONE',
  (status) => {
    const steps = { CFPlan: { name: 'CFPlan', status: 'DONE' }, PGMigrate: { name: 'PGMigrate', status } } as const;
    expect(after('RUNNING', { type: 'Completed' }, { steps })).toEqual({
      kind: 'refused',
      code: 'StepsUnfinished',
      reason: `Deployment d-1 is not done: PGMigrate is ${status}`,
    });
  },
);

test('a deployment whose steps are DONE or SKIPPED is DONE', () => {
  const steps = { a: { name: 'a', status: 'DONE' }, b: { name: 'b', status: 'SKIPPED' } } as const;
  expect(after('RUNNING', { type: 'Completed' }, { steps })).toMatchObject({ deployment: { status: 'DONE' } });
});

test('an event that says something else than the first one is refused, not taken for it', () => {
  expect(after('TRIGGERED', { type: 'Triggered', fence: 4 }, { fence: 3 }).kind).toBe('refused');
  expect(after('WAITING', { type: 'StackWaitStarted', executionArn: 'b' }, { executionArn: 'a' }).kind).toBe('refused');
});

test('a deployment that somebody asked to end begins no more, and does not end FAILED', () => {
  const begin = { type: 'Triggered', fence: 3 } as const;
  const queued = aDeployment({ cancelledBy: 'bob' });
  expect(transition(queued, begin, later)).toEqual({
    kind: 'refused',
    code: 'Cancelled',
    reason: 'bob asked to end deployment d-1: it does not take Triggered',
  });
  const running = aDeployment({ status: 'RUNNING', cancelledBy: 'bob' });
  expect(transition(running, { type: 'Failed', reason }, later)).toMatchObject({ code: 'Cancelled' });
  expect(transition(running, { type: 'Completed' }, later)).toMatchObject({ kind: 'moved' });
  expect(transition(queued, { type: 'Terminated', reason }, later)).toMatchObject({ kind: 'moved' });
  expect(transition({ ...queued, status: 'TRIGGERED', fence: 3 }, begin, later)).toMatchObject({ kind: 'repeated' });
});

test('a superseded deployment links to its successor', () => {
  expect(after('QUEUED', { type: 'Superseded', by: 'd-2' })).toMatchObject({
    deployment: { status: 'SUPERSEDED', supersededBy: 'd-2', reason: { code: 'Superseded' } },
  });
});

test('the first reason of an end stays', () => {
  expect(after('FAILED', { type: 'Failed', reason: { code: 'Other', message: 'later' } }, { reason })).toMatchObject({
    kind: 'repeated',
    deployment: { reason },
  });
});
