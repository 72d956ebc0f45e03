import { expect, test } from '@jest/globals';
import { checkOf } from '../../functions/domain/deployment/report.ts';
import type { StatementFinding } from '../../functions/domain/migrations/migrations.ts';
import type { Plan } from '../../functions/domain/plan/plan.ts';
import { gistOf } from '../../functions/domain/plan/preview.ts';
import { completeCallback } from '../../functions/operations/complete-step.ts';
import { evalJoin } from '../../functions/operations/eval-join.ts';
import { judgeTask } from '../../functions/operations/judge-task.ts';
import { databaseFindingsKey, planKey, stackFindingsKey } from '../../functions/operations/plan-document.ts';
import { rejectRequest } from '../../functions/operations/reject-request.ts';
import { settleDeployment } from '../../functions/operations/settle-deployment.ts';
import { database, stack } from '../domain/plan/findings.ts';
import { claimedDeployment, memorySlipway, repository } from '../support/memory-slipway.ts';
import { aCallback, someTime } from '../support/records.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

/** Of an answer, an input and an event of AWS; a record may have 400 KB. */
const LIMIT = 256 * 1024;

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value ?? null));
const many = <T>(count: number, each: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => each(n));

const statement = (line: number): StatementFinding => ({
  line,
  text: 'ALTER TABLE orders DROP COLUMN note',
  compatibility: 'CONTRACT',
  lock: 'L1',
  tables: ['public.orders'],
  reason: `drops orders.note_${line}, which the running release may still read`,
});

/** A deployment of a release whose evaluation has found thousands of things. */
const evaluated = async (given: Parameters<typeof database>[1] = {}, refusals: readonly string[] = []) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway);
  const findings = database(many(5000, statement), {
    notes: many(5000, (n) => `Note ${n}: ${'n'.repeat(60)}.`),
    ...given,
  });
  await slipway.ports.documents.put(databaseFindingsKey(input, 'main'), findings);
  const evaluation = { findings: { ...stack(), refusals }, previousHealthy: true };
  await slipway.ports.documents.put(stackFindingsKey(input), evaluation);
  return { ...slipway, input, deployment: () => slipway.ports.deployments.find(input.deploymentId) };
};

test('F25: a plan with thousands of reasons is on record and on the commit by its first ones; its document holds all', async () => {
  const { ports, input, deployment } = await evaluated();
  const answer = await evalJoin(ports, input);
  const record = await deployment();
  const plan = await ports.documents.find<Plan>(planKey(input));
  expect(plan?.reasons).toHaveLength(10_000);
  expect(record?.plan?.reasons).toEqual([...(plan?.reasons.slice(0, 50) ?? []), `9950 more are in ${planKey(input)}.`]);
  expect(bytes(answer)).toBeLessThan(1000);
  expect(bytes(record)).toBeLessThan(LIMIT / 8);
  expect(bytes(record && checkOf(record, 'c0ffee').summary)).toBeLessThan(65_535);
});

test('F25: a plan that is refused for thousands of reasons says the first and the last', async () => {
  const { ports, input, deployment } = await evaluated(
    { state: 'diverged' },
    many(5000, (n) => `Refusal ${n}.`),
  );
  const refusal = await evalJoin(ports, input).catch((error: unknown) => error);
  const { message } = refusal as Error;
  expect(message.length).toBeLessThanOrEqual(4000);
  expect(message).toMatch(/^Database main is diverged.*\n…\n.*Refusal 4999\.$/s);
  expect(bytes(await deployment())).toBeLessThan(LIMIT / 8);
  const evaluation = { outcome: 'refused', reasons: many(50_000, String), operator: false } as const;
  expect(bytes(gistOf({ evaluation, strategy: 'full' } as never))).toBeLessThan(LIMIT / 8);
});

test('F25: a container that logs megabytes ends its step and its deployment like any other', async () => {
  const { ports, machines, input, deployment } = await evaluated();
  await ports.deployments.apply(input.deploymentId, { type: 'StackWaitStarted', executionArn: 'e' });
  const aws = ports.inCluster(sampleCluster());
  const containers = [{ name: 'migrate', exitCode: 1 }];
  const task = { arn: 'task/1', stopped: true, stopCode: 'EssentialContainerExited', containers };
  const logTail = async () => [...many(19, () => 'x'.repeat(250_000)), 'Error: no such column'];
  const cluster = { ...aws, tasks: { ...aws.tasks, startedBy: async () => [task], logTail } };
  const waitsFor = { kind: 'task', database: 'main', container: 'migrate', deadlineAt: someTime } as const;
  const callback = aCallback({ ...input, step: 'PGMigrate.main', waitsFor });
  await ports.callbacks.intend(callback);
  const outcome = await judgeTask({ ...ports, inCluster: () => cluster }, callback, waitsFor, cluster);
  if (!outcome) throw new Error('the task has stopped');
  const told: string[] = [];
  const fail = async (...words: string[]) => void told.push(...words) === undefined;
  await completeCallback({ ...ports, machines: { ...machines.port, fail } }, callback, outcome);

  const state = { failure: { Error: 'MigrationFailed', Cause: 'x'.repeat(32_000) } };
  const settled = await settleDeployment(ports, { ...input, end: 'FAILED', state });
  const record = await deployment();
  expect(record?.reason?.message).toMatch(/^Migration db\/migrations\/20260101_x\.sql failed.*Error: no such column$/s);
  const written = [await ports.callbacks.find(callback.token), record, await ports.stacks.find(input.stackName)];
  for (const one of [...written, told, settled]) expect(bytes(one)).toBeLessThan(LIMIT / 8);
});

test('F25: a request that is refused for thousands of errors is on record with as many as GitHub shows', async () => {
  const { ports } = await memorySlipway();
  const annotations = many(5000, (line) => ({ path: 'o5.yaml', line, message: 'm'.repeat(200) }));
  const request = {
    id: 'r1',
    kind: 'push',
    repository,
    ref: 'refs/heads/main',
    commit: 'c0ffee',
    actor: 'alice',
  } as const;
  const failure = { Error: 'ConfigurationRefused', Cause: 'wrong' };
  await rejectRequest(ports, { request, target: { environment: 'prod' }, failure, annotations });
  const [event] = await ports.events.list('request/r1', 1);
  expect(event?.detail?.['annotations']).toHaveLength(50);
  expect(bytes(event)).toBeLessThan(LIMIT);
});
