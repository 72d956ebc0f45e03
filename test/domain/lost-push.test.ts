import { expect, test } from '@jest/globals';
import {
  type AcceptedCommit,
  acceptedKey,
  branchPrefixes,
  isLost,
  moveAccepted,
  newTargets,
  pushRequestKey,
} from '../../functions/domain/lost-push.ts';

const minute = (n: number) => `2026-08-01T10:${String(n).padStart(2, '0')}:00.000Z`;
const accepted = (commit: string, at: number, n = at): AcceptedCommit => ({
  commit,
  application: 'shop',
  n,
  at: minute(at),
});
const stood = (commit: string, at: number): AcceptedCommit => ({ commit, application: '', n: 0, at: minute(at) });
const requested = (at: number) => ({ id: 'delivery-1', at: minute(at) });

test.each([
  ['its commit is the last one accepted', [accepted('b', 5)], undefined, false],
  ['the branch has not moved since it was configured', [stood('b', 5)], undefined, false],
  ['it moved since and nobody told', [stood('a', 5)], undefined, true],
  ['it moved since the last push and nobody told', [accepted('a', 5)], undefined, true],
  ['it is new, and nobody told', [undefined], undefined, true],
  ['it is new, and a request stands for it', [undefined], requested(6), false],
  ['a request stands for it, whatever came of it', [accepted('a', 5)], requested(6), false],
  ['it came back to a commit that was requested before the last one', [accepted('a', 5)], requested(4), true],
  [
    'one of two targets took it, and the request stands for the other',
    [accepted('b', 7), accepted('a', 5)],
    requested(6),
    false,
  ],
  ['one of two targets took it, and nobody asked the other', [accepted('b', 7), stood('a', 5)], undefined, true],
  ['nothing is configured for it', [], undefined, false],
])('a head is lost or not: %s', (_case, last, request, lost) => {
  expect(isLost('b', last, request)).toBe(lost);
});

test('the record of a target moves with its head, never back', () => {
  const first = accepted('a', 1);
  expect(moveAccepted(undefined, first)).toEqual({ kind: 'moved', record: first });
  expect(moveAccepted(first, accepted('b', 2))).toMatchObject({ kind: 'moved' });
  expect(moveAccepted(accepted('b', 2), { ...first, at: minute(9) })).toMatchObject({
    kind: 'refused',
    code: 'MovedOn',
    record: accepted('b', 2),
  });
  expect(moveAccepted(first, { ...first, at: minute(9) })).toEqual({ kind: 'repeated', record: first });
});

test('an application that was renamed counts its moves from the beginning', () => {
  const renamed = { ...accepted('b', 9, 1), application: 'store' };
  expect(moveAccepted(accepted('a', 5, 7), renamed)).toEqual({ kind: 'moved', record: renamed });
});

test('where a branch stood never replaces what was accepted since', () => {
  expect(moveAccepted(accepted('b', 6), stood('a', 5)).kind).toBe('refused');
  expect(moveAccepted(accepted('b', 4), stood('a', 5))).toEqual({ kind: 'moved', record: stood('a', 5) });
  expect(moveAccepted(stood('a', 5), accepted('b', 6))).toEqual({ kind: 'moved', record: accepted('b', 6) });
});

const target = (ref: string, environment: string) => ({ ref, environment });

test('a branch has a new target where its globs, or the pair of environment and application, are new', () => {
  const before = [target('refs/heads/main', 'dev'), target('refs/heads/release/*', 'prod')];
  const now = [target('refs/heads/main refs/heads/story/*', 'dev'), target('refs/heads/main', 'prod')];
  expect(newTargets('refs/heads/main', before, now)).toEqual([{ environment: 'prod' }]);
  expect(newTargets('refs/heads/story/1', before, now)).toEqual([{ environment: 'dev' }]);
  expect(newTargets('refs/heads/release/1', before, now)).toEqual([]);
  expect(newTargets('refs/heads/main', now, now)).toEqual([]);
});

test('only branches are compared: tags are many and old', () => {
  const targets = [
    target('refs/tags/v*', 'prod'),
    target('refs/heads/main !refs/heads/main-old', 'dev'),
    target('refs/heads/ma*', 'dev'),
  ];
  expect(branchPrefixes(targets)).toEqual(['refs/heads/ma']);
  expect(branchPrefixes([target('refs/tags/v*', 'prod')])).toEqual([]);
});

test('no two records share a place, however their parts are cut', () => {
  const keys = [
    acceptedKey({ repositoryId: '1', ref: 'refs/heads/a/b', environment: 'c' }),
    acceptedKey({ repositoryId: '1', ref: 'refs/heads/a', environment: 'b/c' }),
    acceptedKey({ repositoryId: '1', ref: 'refs/heads/a', environment: 'b', application: 'c' }),
    pushRequestKey({ repositoryId: '1', ref: 'refs/heads/a', commit: 'b' }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
