import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Decision } from '../../infra/local/iam/decision.ts';
import { everyGrant, type GrantedAction } from '../support/every-grant.ts';
import { type ImpliedActions, judgeGrants } from '../support/judge-grants.ts';
import { notedGrants, noteGrants } from '../support/used-grants.ts';
import { impliedActions } from './implied-actions.ts';

const grant = (role: string, action: string, on = 'StacksTable'): GrantedAction => ({
  role,
  action,
  on,
  keys: [`${role} 0.0 ${action}`, `${role} 0.1 ${action}`],
});

const expecting = (entries: readonly ImpliedActions[]) => ({ implied: entries, refusals: [] });

const nothing = { used: new Set<string>(), refused: [] };

const implied = (more: Partial<ImpliedActions>): ImpliedActions => ({
  roles: '*',
  actions: ['logs:PutLogEvents'],
  used: 'never',
  because: 'the runtime of Lambda writes them',
  ...more,
});

test('a granted action that nobody used is told with its role, its thing and what to do', () => {
  const noted = { used: new Set(['Sweep 0.1 dynamodb:GetItem']), refused: [] };
  const granted = [grant('Sweep', 'dynamodb:GetItem'), grant('Sweep', 'dynamodb:PutItem')];
  expect(judgeGrants(granted, noted, expecting([]))).toEqual([
    expect.stringMatching(/^Sweep is allowed dynamodb:PutItem on StacksTable, and no story used it\. Take it away/),
  ]);
});

test('a call that was refused is told, even where the story went on', () => {
  const noted = { used: new Set<string>(), refused: ['arn:aws:iam::000000000000:role/sweep s3:GetObject *'] };
  expect(judgeGrants([], noted, expecting([]))).toEqual([
    expect.stringContaining('role/sweep s3:GetObject *. Grant it'),
  ]);
  const refusals = [{ call: 'role/sweep s3:', because: 'a story is about it' }];
  expect(judgeGrants([], noted, { implied: [], refusals })).toEqual([]);
});

test('an implied action may stay unused, for its role and its thing alone', () => {
  const granted = [grant('A', 'logs:PutLogEvents', 'here'), grant('B', 'logs:PutLogEvents', 'there')];
  const judged = (more: Partial<ImpliedActions>) => judgeGrants(granted, nothing, expecting([implied(more)]));
  expect(judged({})).toEqual([]);
  expect(judged({ roles: ['A'] })).toEqual([expect.stringContaining('B is allowed')]);
  expect(judged({ on: 'here' })).toEqual([]);
  expect(judged({ on: 'else' })).toHaveLength(3);
});

test('an implied action that was used, or that is granted no more, has to leave the list', () => {
  const used = new Set(['A 0.0 logs:PutLogEvents']);
  const granted = [grant('A', 'logs:PutLogEvents')];
  const judged = (more: Partial<ImpliedActions>) =>
    judgeGrants(granted, { used, refused: [] }, expecting([implied(more)]));
  expect(judged({})).toEqual([expect.stringContaining('but one did: take the entry away')]);
  expect(judged({ used: 'sometimes' })).toEqual([]);
  expect(judged({ used: 'sometimes', roles: ['A', 'B'] })).toEqual([expect.stringContaining('of B')]);
  expect(judged({ used: 'sometimes', actions: ['xray:PutTraceSegments'] })).toEqual([
    expect.stringContaining('not granted (any more)'),
  ]);
});

test('each grant is written down at its first use, and nothing without a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grants-'));
  const decision = (action: string, allowed = true): Decision => ({
    roleArn: 'arn:aws:iam::000000000000:role/sweep',
    action,
    resource: '*',
    allowed,
    grants: allowed ? [{ policy: 'Own', statement: 2, resource: 1 }] : [],
  });
  try {
    const note = noteGrants(folder);
    note(decision('sqs:SendMessage'));
    expect([...notedGrants(folder).used]).toEqual(['Own 2.1 sqs:SendMessage']);
    note(decision('sqs:SendMessage'));
    note(decision('sqs:DeleteQueue', false));
    noteGrants('')(decision('sqs:PurgeQueue'));
    expect(notedGrants(folder)).toEqual({
      used: new Set(['Own 2.1 sqs:SendMessage']),
      refused: ['arn:aws:iam::000000000000:role/sweep sqs:DeleteQueue *'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the templates grant each role its actions, and every entry of the implied list speaks of one of them', () => {
  const granted = everyGrant();
  expect(granted.map(({ role, action, on }) => `${role} ${action} ${on}`)).toContain(
    'AcceptDeploymentRole dynamodb:PutItem StacksTable',
  );
  const unknown = judgeGrants(granted, nothing, expecting(impliedActions)).filter((fault) =>
    fault.includes('not granted'),
  );
  expect(unknown).toEqual([]);
});

test('every implied action says why it is needed, in a sentence of its own', () => {
  for (const { actions, because } of impliedActions) {
    expect(because.length).toBeGreaterThan(20);
    expect(actions.length).toBeGreaterThan(0);
  }
});
