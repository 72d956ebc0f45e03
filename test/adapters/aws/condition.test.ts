import { expect, test } from '@jest/globals';
import { absent, all, contains, equals, oneOf } from '../../../functions/adapters/aws/condition.ts';
import { callbackCondition, deploymentCondition } from '../../../functions/adapters/aws/transition-condition.ts';
import { deploymentStatuses, deploymentTransitions } from '../../../functions/domain/deployment/transitions.ts';

test('paths go through placeholders, list positions stay', () => {
  expect(equals('queue[0].deploymentId', 'd1')).toEqual({
    expression: '#queue[0].#deploymentId = :queue_0__deploymentId_0',
    names: { '#queue': 'queue', '#deploymentId': 'deploymentId' },
    values: { ':queue_0__deploymentId_0': { S: 'd1' } },
  });
});

test('conditions are joined with everything they need', () => {
  expect(all([oneOf('status', ['A', 'B']), absent('current'), contains('_subjects', 's')])).toEqual({
    expression:
      '#status IN (:status_0, :status_1) AND attribute_not_exists(#current) AND contains(#_subjects, :_subjects_0)',
    names: { '#status': 'status', '#current': 'current', '#_subjects': '_subjects' },
    values: { ':status_0': { S: 'A' }, ':status_1': { S: 'B' }, ':_subjects_0': { S: 's' } },
  });
});

test('what a stored record must show is read from the tables', () => {
  const failing = deploymentStatuses.filter((status) => 'Failed' in deploymentTransitions[status]);
  expect(Object.values(deploymentCondition({ type: 'Failed', reason: { code: 'X', message: 'x' } }).values)).toEqual(
    failing.map((S) => ({ S })),
  );
  expect(callbackCondition('Completed').values).toEqual({
    ':status_0': { S: 'INTENDED' },
    ':status_1': { S: 'CALLED' },
  });
});
