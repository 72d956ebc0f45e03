import { expect, test } from '@jest/globals';
import {
  checkOf,
  commitOf,
  deploymentStateOf,
  rejectionOf,
  repositoryOf,
} from '../../../functions/domain/deployment/report.ts';
import { deploymentStatuses } from '../../../functions/domain/deployment/transitions.ts';
import type { Strategy } from '../../../functions/domain/plan/strategy.ts';
import { aDeployment } from '../../support/records.ts';

const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '1' };
const push = {
  kind: 'push',
  repository,
  ref: 'refs/heads/main',
  before: 'b',
  after: 'c0ffee',
  deliveryId: 'd0a1',
} as const;

test('a deployment tells the repository and the commit that asked for it, where there are any', () => {
  expect([repositoryOf(aDeployment({ source: push })), commitOf(aDeployment({ source: push }))]).toEqual([
    repository,
    'c0ffee',
  ]);
  const manual = aDeployment({ source: { kind: 'manual', repository, commit: 'beef' } });
  expect([repositoryOf(manual), commitOf(manual)]).toEqual([repository, 'beef']);
  expect([repositoryOf(aDeployment()), commitOf(aDeployment())]).toEqual([undefined, undefined]);
});

test('every status has its word on GitHub, as a check and as a deployment', () => {
  const words = deploymentStatuses.map((status) => [
    status,
    deploymentStateOf(status),
    checkOf(aDeployment({ status }), 'c0ffee').status,
  ]);
  expect(words).toEqual([
    ['QUEUED', 'queued', 'queued'],
    ['TRIGGERED', 'in_progress', 'in_progress'],
    ['WAITING', 'in_progress', 'in_progress'],
    ['AVAILABLE', 'in_progress', 'in_progress'],
    ['RUNNING', 'in_progress', 'in_progress'],
    ['DONE', 'success', 'success'],
    ['FAILED', 'failure', 'failure'],
    ['TERMINATED', 'error', 'cancelled'],
    ['SUPERSEDED', 'inactive', 'neutral'],
    ['REJECTED', 'failure', 'failure'],
  ]);
});

test('a check has a name per application and environment, and the id of its deployment', () => {
  expect(checkOf(aDeployment({ source: push }), 'c0ffee')).toEqual({
    name: 'slipway/prod/shop',
    commit: 'c0ffee',
    externalId: 'd-1',
    status: 'queued',
    title: 'prod: queued',
    summary: '',
    annotations: [],
  });
});

test('a check tells the plan with its reasons, the steps as they ran, and what went wrong', () => {
  const { title, summary } = checkOf(
    aDeployment({
      status: 'FAILED',
      plan: { mode: 'DOWNTIME', hash: 'h', reasons: ['drops orders.note', 'and more'], outageSeconds: 40 },
      steps: {
        ScaleUp: { name: 'ScaleUp', status: 'BLOCKED' },
        'PGMigrate.main': { name: 'PGMigrate.main', status: 'FAILED', startedAt: '2026-08-01T10:00:07Z' },
        CFPlan: { name: 'CFPlan', status: 'DONE', startedAt: '2026-08-01T10:00:01Z' },
      },
      reason: {
        code: 'MigrationFailed',
        message: 'Migration 7 failed\nthe log',
        step: 'PGMigrate.main',
        left: 'The version table lists none of them',
        remedy: 'Correct the migration and push again',
      },
    }),
    'c0ffee',
  );
  expect(title).toBe('prod: failed, Migration 7 failed');
  expect(summary.split('\n')).toEqual([
    '**DOWNTIME**, predicted outage 40 s',
    '- drops orders.note',
    '- and more',
    '',
    '| step | state |',
    '|---|---|',
    '| CFPlan | DONE |',
    '| PGMigrate.main | FAILED |',
    '| ScaleUp | BLOCKED |',
    '',
    'Migration 7 failed',
    'the log',
    'Step: PGMigrate.main',
    'State of the world: The version table lists none of them',
    'What to do: Correct the migration and push again',
  ]);
});

test('a deployment under way names its mode, once it is planned', () => {
  const plan = { mode: 'BEFORE', hash: 'h', reasons: [], outageSeconds: 0 } as const;
  expect(checkOf(aDeployment({ status: 'RUNNING', plan }), 'c0ffee').title).toBe('prod: running (BEFORE)');
});

test('a request that never became a deployment is a failed check with its annotations', () => {
  const annotations = [{ path: 'o5.yaml', line: 4, column: 2, message: 'no such key' }];
  const reason = { code: 'ConfigurationRefused', message: 'The file is not valid\no5.yaml:4:2', remedy: 'Correct it' };
  expect(rejectionOf({ id: 'd0a1', environment: 'prod', commit: 'c0ffee', reason, annotations })).toEqual({
    name: 'slipway/prod',
    commit: 'c0ffee',
    externalId: 'd0a1',
    status: 'failure',
    title: 'The file is not valid',
    summary: 'The file is not valid\no5.yaml:4:2\nWhat to do: Correct it',
    annotations,
  });
});

test('what deploys no release reports under a name of its own', () => {
  const nameOf = (strategy: Strategy) => checkOf(aDeployment({ strategy }), 'c0ffee').name;
  expect([nameOf('full'), nameOf('quick')]).toEqual(['slipway/prod/shop', 'slipway/prod/shop']);
  expect(nameOf('destroy-database')).toBe('slipway/prod/shop/destroy-database');
});
