import { expect, test } from '@jest/globals';
import { noted, requested, stepPut } from '../../../functions/domain/deployment/record.ts';
import { aDeployment, someTime } from '../../support/records.ts';

const later = '2026-08-01T11:00:00.000Z';
const approval = { actor: 'alice', hash: 'h1', granted: true, at: someTime };

test('a request that comes again gets the record it made, a different one under its id is refused', () => {
  const standing = aDeployment({ status: 'RUNNING', release: 'r1' });
  expect(requested(undefined, aDeployment({ status: 'DONE' }))).toMatchObject({ deployment: { status: 'QUEUED' } });
  expect(requested(standing, aDeployment({ release: 'r2' }))).toEqual({ kind: 'repeated', deployment: standing });
  expect(requested(standing, aDeployment({ stackName: 'prod-other' }))).toMatchObject({ code: 'IdTaken' });
  expect(requested(standing, aDeployment({ strategy: 'quick' }))).toMatchObject({ code: 'IdTaken' });
});

test('facts are added, and nothing else is touched', () => {
  const moved = noted(aDeployment(), { checkRunId: 7 }, later);
  expect(moved).toEqual({ kind: 'moved', deployment: { ...aDeployment(), checkRunId: 7, updatedAt: later } });
  expect(noted(aDeployment({ checkRunId: 7 }), { checkRunId: 7 }, later).kind).toBe('repeated');
  expect(noted(undefined, { checkRunId: 7 }, later)).toMatchObject({ code: 'NoSuchDeployment' });
});

test('after its end a deployment takes what GitHub answered, but no plan, approval or cancelling', () => {
  const ended = aDeployment({ status: 'DONE' });
  expect(noted(ended, { githubDeploymentId: 7 }, later).kind).toBe('moved');
  for (const facts of [
    { approval },
    { cancelledBy: 'bob' },
    { plan: { mode: 'NOP', hash: 'h', reasons: [], outageSeconds: 0 } as const },
  ])
    expect(noted(ended, facts, later)).toMatchObject({ code: 'StatusRefuses' });
});

test('the first one who asks to end a deployment is the one on record', () => {
  const asked = { cancelledBy: 'bob', cancelledAt: someTime };
  expect(noted(aDeployment(), asked, later)).toMatchObject({ kind: 'moved', deployment: asked });
  const standing = aDeployment(asked);
  expect(noted(standing, { cancelledBy: 'eve', cancelledAt: later }, later)).toEqual({
    kind: 'repeated',
    deployment: standing,
  });
});

test('the first answer to a plan stands; another plan can be answered anew', () => {
  const answered = aDeployment({ approval });
  expect(noted(answered, { approval: { ...approval, at: later } }, later).kind).toBe('repeated');
  expect(noted(answered, { approval: { ...approval, granted: false } }, later)).toMatchObject({ code: 'Answered' });
  expect(noted(aDeployment({ approval: { ...approval, granted: false } }), { approval }, later)).toMatchObject({
    reason: expect.stringContaining('alice refused this plan'),
  });
  expect(noted(answered, { approval: { ...approval, hash: 'h2', granted: false } }, later).kind).toBe('moved');
});

test('a step is recorded under the fence of the deployment alone', () => {
  const step = { name: 'PGMigrate.main', status: 'ACTIVE' } as const;
  const running = aDeployment({ status: 'RUNNING', fence: 3 });
  const moved = stepPut(running, 3, step, later);
  expect(moved).toMatchObject({ kind: 'moved', deployment: { steps: { 'PGMigrate.main': step }, updatedAt: later } });
  if (moved.kind === 'moved') expect(stepPut(moved.deployment, 3, step, later).kind).toBe('repeated');
  expect(stepPut(running, 2, step, later)).toMatchObject({ code: 'StaleFence' });
  expect(stepPut(aDeployment(), 2, step, later)).toMatchObject({ code: 'StaleFence' });
  expect(stepPut(undefined, 2, step, later)).toMatchObject({ code: 'NoSuchDeployment' });
});

test('a try that is late takes nothing back: neither the end of its own try nor anything of a newer one', () => {
  const ended = { name: 'VersionMigrate', status: 'DONE', startedAt: someTime, endedAt: later } as const;
  const running = aDeployment({ status: 'RUNNING', fence: 3, steps: { VersionMigrate: ended } });
  for (const status of ['ACTIVE', 'FAILED'] as const)
    expect(stepPut(running, 3, { name: ended.name, status, startedAt: someTime }, later).kind).toBe('repeated');
  const earlier = { name: ended.name, status: 'FAILED', startedAt: '2026-08-01T09:00:00.000Z' } as const;
  expect(stepPut(running, 3, earlier, later).kind).toBe('repeated');
  expect(stepPut(running, 3, { name: ended.name, status: 'ACTIVE', startedAt: later }, later).kind).toBe('moved');
});
