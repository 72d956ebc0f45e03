import { expect, test } from '@jest/globals';
import { resolveParameters } from '../../../functions/domain/template/resolve-parameters.ts';
import type { Parameter } from '../../../functions/domain/template/template.ts';

const world = { priorities: {}, counts: {}, secrets: {} };

test('values, counts and secrets arrive as text', () => {
  const parameters: Parameter[] = [
    { kind: 'value', name: 'V', value: 'v' },
    { kind: 'desiredCount', name: 'DesiredCountMain', runtime: 'main', initial: 1 },
    { kind: 'desiredCount', name: 'DesiredCountWorker', runtime: 'worker', initial: 2 },
    { kind: 'databaseSecret', name: 'DatabaseSecretMain', database: 'main' },
  ];
  expect(resolveParameters(parameters, { ...world, counts: { main: 0 }, secrets: { main: 'arn' } })).toEqual({
    V: 'v',
    DesiredCountMain: '0',
    DesiredCountWorker: '2',
    DatabaseSecretMain: 'arn',
  });
});

test('a missing secret is named', () => {
  expect(() => resolveParameters([{ kind: 'databaseSecret', name: 'X', database: 'audit' }], world)).toThrow(
    expect.objectContaining({ name: 'SecretMissing', message: 'The secret of database audit has not been made' }),
  );
});

test('a rule has the priority that was chosen for it; without one nothing is resolved', () => {
  const parameters: Parameter[] = [{ kind: 'rulePriority', name: 'A', group: 'NORMAL', listenerArn: 'listener' }];
  expect(resolveParameters(parameters, { ...world, priorities: { A: 1003, B: 1004 } })).toEqual({ A: '1003' });
  expect(() => resolveParameters(parameters, world)).toThrow('No priority was chosen for A');
});
