import { expect, test } from '@jest/globals';
import type { AwaitedBesides, Outcome } from '../../functions/domain/callback.ts';
import { tasksStopped } from '../../functions/operations/tasks-stopped.ts';
import type { ClusterPorts } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { aCallback } from '../support/records.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const settled: Outcome = { ok: true, output: { status: 'UPDATE_COMPLETE' } };
const MINUTE = 60_000;

/** What comes of a look ten minutes after the update began, with sessions of these ages in milliseconds. */
const look = async (besides: AwaitedBesides, found: { readonly ages?: number[]; readonly leaving?: string[] }) => {
  const slipway = await memorySlipway();
  const { ports } = slipway;
  const callback = aCallback({
    ...(await claimedDeployment(slipway)),
    createdAt: ports.clock.now().toISOString(),
  });
  slipway.advance(10 * MINUTE);
  const aws = ports.inCluster(sampleCluster());
  const { ages = [], leaving = [] } = found;
  const sql: ClusterPorts['sql'] = {
    run: async (_connection, statements) => ({
      kind: 'rows',
      results: statements.map(({ values }) =>
        ages.filter((age) => age >= Number(values?.at(2))).map((age) => ({ pid: age, login: 'prod_shop_main_1' })),
      ),
    }),
  };
  const tasks = { ...aws.tasks, leaving: async () => leaving };
  return tasksStopped(ports, callback, besides, { ...aws, sql, tasks }, settled);
};

test('nothing is over while an old task is short of STOPPED', async () => {
  expect(await look('tasks-stopped', { leaving: ['arn:task'] })).toBeUndefined();
  expect(await look('old-tasks-stopped', { leaving: ['arn:task'] })).toBeUndefined();
});

test('where nothing may serve, any session of the application is waited for', async () => {
  expect(await look('tasks-stopped', {})).toBe(settled);
  expect(await look('tasks-stopped', { ages: [1] })).toBeUndefined();
});

test('where the new version serves, its own sessions are not waited for, only those that are older than its update', async () => {
  expect(await look('old-tasks-stopped', { ages: [9 * MINUTE, 1] })).toBe(settled);
  expect(await look('old-tasks-stopped', { ages: [9 * MINUTE, 11 * MINUTE] })).toBeUndefined();
});

test('where the database is destroyed next, tasks are waited for, and nobody’s session', async () => {
  expect(await look('services-stopped', { ages: [11 * MINUTE, 1] })).toBe(settled);
  expect(await look('services-stopped', { leaving: ['arn:task'] })).toBeUndefined();
});
