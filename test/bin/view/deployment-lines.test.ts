import { describe, expect, test } from '@jest/globals';
import { deploymentLines } from '../../../bin/view/deployment-lines.ts';
import { plain } from '../../../bin/view/paint.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { aPlan, aPush, aStep, at, now } from './records.ts';

const lines = (deployment: Deployment, subject?: string) => deploymentLines({ deployment, subject }, now(5_000), plain);

describe('A deployment on the screen', () => {
  test('says where it comes from and where it goes', () => {
    expect(lines(aPush(), 'First release')[0]).toBe(
      'prod-shop  61648b7 of main, "First release" by alice, to environment prod',
    );
  });

  test('does without what is not known: message, branch, commit', () => {
    expect(lines(aPush({ source: { kind: 'manual' }, version: 'v1' }))[0]).toBe(
      'prod-shop  v1 by alice, to environment prod',
    );
  });

  test('shows its age while it runs, and its length when it has ended', () => {
    expect(lines(aPush({ status: 'RUNNING' }))[1]).toBe('RUNNING 5.0 s');
    expect(lines(aPush({ status: 'DONE' }))[1]).toBe('DONE 3.0 s');
  });

  test('shows the mode, the predicted outage and every reason once EvalJoin has decided', () => {
    const plan = { ...aPlan, mode: 'DOWNTIME', outageSeconds: 212, reasons: ['A column changes.\nIt is read.', 'So.'] };
    expect(lines(aPush({ status: 'RUNNING', plan: { ...plan, mode: 'DOWNTIME' } })).slice(1, 5)).toEqual([
      'RUNNING 5.0 s, DOWNTIME, about 212 s of outage expected',
      '  A column changes.',
      '  It is read.',
      '  So.',
    ]);
  });

  test('explains the plan below its reasons', () => {
    const deployment = aPush({ status: 'RUNNING', plan: aPlan });
    const shown = { deployment, explanation: ['The service comes last.'] };
    expect(deploymentLines(shown, now(5_000), plain).slice(2)).toEqual([
      '  Nothing serves yet.',
      '  The service comes last.',
      '',
    ]);
  });

  test('lists steps in the order in which they began, with sign, time and what they found', () => {
    const steps = [
      aStep('PGMigrate.main', { startedAt: at(4_000), endedAt: at(4_087), outputs: { applied: '20260101' } }),
      aStep('CFPlan', { startedAt: at(1_000), endedAt: at(3_500), outputs: { changes: '7', kind: 'infrastructure' } }),
      { name: 'InfraMigrate', status: 'ACTIVE' as const, startedAt: at(3_600) },
      aStep('PGEval.main', { startedAt: at(2_000), status: 'FAILED', reason: { code: 'DatabaseUnfit', message: '' } }),
    ];
    expect(lines(aPush({ status: 'RUNNING' }, steps)).slice(3)).toEqual([
      '  ✔ CFPlan               2.5 s  7 changes, infrastructure',
      '  ✘ PGEval.main           0 ms  DatabaseUnfit',
      '  ● InfraMigrate         1.4 s',
      '  ✔ PGMigrate.main       87 ms  applied 20260101',
    ]);
  });

  test('asks for a signature as long as one is waited for', () => {
    const asking = [{ name: 'AwaitApproval', status: 'ACTIVE' as const, startedAt: at(0) }];
    const call = '  A person has to sign this plan: npm run slipway -- approve d-1';
    expect(lines(aPush({ status: 'RUNNING' }, asking))).toContain(call);
    expect(lines(aPush({ status: 'TERMINATED' }, asking))).not.toContain(call);
    expect(lines(aPush({ status: 'RUNNING' }, [aStep('AwaitApproval')]))).not.toContain(call);
  });
});
