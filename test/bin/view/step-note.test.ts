import { expect, test } from '@jest/globals';
import { stepNote } from '../../../bin/view/step-note.ts';
import { aStep } from './records.ts';

test.each([
  ['StackWait', { stack: 'missing' }, 'stack missing'],
  ['CFPlan', { changes: '1', kind: 'version-only' }, '1 change, version-only'],
  ['CFPlan', { changes: '0', kind: 'nothing' }, '0 changes'],
  ['PGEval.main', { pending: '0', compatibility: 'NEUTRAL', lock: 'L0' }, 'nothing pending'],
  ['PGEval.main', { pending: '2', compatibility: 'EXPAND', lock: 'L1' }, '2 pending, EXPAND, lock L1'],
  ['EvalJoin', { mode: 'NOP' }, 'NOP'],
  ['AwaitApproval', { approvedBy: 'ada' }, 'signed by ada'],
  ['PGMigrate.main', { applied: '1, 2' }, 'applied 1, 2'],
  ['CancelUpdates', { stack: 'UPDATE_IN_PROGRESS', cancelled: 'update' }, 'cancelled'],
  ['CancelUpdates', { stack: 'missing', cancelled: 'nothing' }, 'nothing to cancel, stack missing'],
  ['ImportPlan', { imports: 'Token, Uploads' }, 'found Token, Uploads'],
  ['PGRotate.main', { login: 'dev_shop_main_2' }, 'new login dev_shop_main_2'],
  ['Restart', { services: '1' }, '1 service'],
  ['PGRetire.main', { retired: 'dev_shop_main_1' }, 'ended dev_shop_main_1'],
  ['PGRetire.main', { retired: '' }, 'no old login'],
  ['PGDestroy.main', { destroyed: 'dev_shop_main' }, 'dev_shop_main is gone'],
  ['WayBack', { decision: 'stay-down' }, 'stay down'],
  ['WayBack', { decision: 'nothing' }, 'nothing to do'],
  ['ScaleUp', { status: 'UPDATE_COMPLETE' }, ''],
  ['CFPlan', undefined, ''],
])('%s with %j is noted as "%s"', (name, outputs, note) => {
  expect(stepNote(aStep(name, outputs ? { outputs } : {}))).toBe(note);
});

test('a failed step is noted by the code of its reason', () => {
  expect(stepNote(aStep('CFPlan', { status: 'FAILED', reason: { code: 'ChangeSetRefused', message: 'no' } }))).toBe(
    'ChangeSetRefused',
  );
});
