import { expect, test } from '@jest/globals';
import { modeFor } from '../../../functions/domain/plan/mode.ts';
import { database, infrastructure, stack, statement } from './findings.ts';

const none = database([]);
const neutral = database([statement('NEUTRAL', 'L0')]);
const expand = database([statement('NEUTRAL', 'L0'), statement('EXPAND')]);
const marked = database([statement('CONTRACT')], { marked: true });
const versionOnly = stack();
const nothing = stack({ kind: 'nothing' });
const apart = infrastructure();
const needed = infrastructure({ versionIndependent: false });

// The decision table of the reference, row by row.
test.each([
  ['a first release', database([statement('OPAQUE', 'L3')]), infrastructure({ firstRelease: true }), 'BEFORE'],
  ['nothing pending, nothing changes', none, nothing, 'NOP'],
  ['nothing pending, only the version', none, versionOnly, 'NOP'],
  ['no database at all', undefined, versionOnly, 'NOP'],
  ['nothing pending, infrastructure the version does not need', none, apart, 'PARALLEL'],
  ['nothing pending, infrastructure the version needs', none, needed, 'BEFORE'],
  ['NEUTRAL work', neutral, versionOnly, 'PARALLEL'],
  ['NEUTRAL work, infrastructure the version needs', neutral, needed, 'BEFORE'],
  ['NEUTRAL and EXPAND work', expand, versionOnly, 'BEFORE'],
  ['EXPAND work beside infrastructure', expand, needed, 'BEFORE'],
  ['EXPAND that blocks writes of a large table', database([statement('EXPAND', 'L2')]), versionOnly, 'DOWNTIME'],
  ['NEUTRAL that rewrites a large table', database([statement('NEUTRAL', 'L3')]), nothing, 'DOWNTIME'],
  ['TIGHTEN', database([statement('TIGHTEN')]), versionOnly, 'DOWNTIME'],
  ['CONTRACT', database([statement('CONTRACT')]), versionOnly, 'DOWNTIME'],
  ['DATA', database([statement('DATA')]), versionOnly, 'DOWNTIME'],
  ['OPAQUE', database([statement('OPAQUE', 'L3')]), versionOnly, 'DOWNTIME'],
  ['CONTRACT marked after, only the version', marked, versionOnly, 'AFTER'],
  ['CONTRACT marked after, no change', marked, nothing, 'AFTER'],
  ['CONTRACT marked after, additions', marked, infrastructure({ additive: true }), 'AFTER'],
  ['CONTRACT marked after, other infrastructure', marked, apart, 'DOWNTIME'],
  [
    'CONTRACT marked after beside EXPAND',
    database([statement('CONTRACT'), statement('EXPAND')], { marked: true }),
    versionOnly,
    'DOWNTIME',
  ],
  [
    'CONTRACT marked after that rewrites',
    database([statement('CONTRACT', 'L3')], { marked: true }),
    versionOnly,
    'DOWNTIME',
  ],
  ['TIGHTEN marked after', database([statement('TIGHTEN')], { marked: true }), versionOnly, 'DOWNTIME'],
  ['a service that is replaced', none, infrastructure({ replacesServing: ['Service'] }), 'DOWNTIME'],
])('%s: %#', (_, findings, changes, mode) => {
  const answer = modeFor({ database: findings, stack: changes, previousHealthy: true });
  expect(answer.mode).toBe(mode);
  expect(answer.reasons.every((reason) => /^[A-Z].*\.$/.test(reason))).toBe(true);
  expect(answer.reasons).not.toHaveLength(0);
});

test('AFTER needs a running release that is known to be healthy', () => {
  const answer = modeFor({ database: marked, stack: versionOnly, previousHealthy: false });
  expect(answer.mode).toBe('DOWNTIME');
  expect(answer.reasons).toContain(
    'The mark `slipway: after` does not count: the running release is not known to be healthy.',
  );
});

test('a reason names the migration, what it does, and the line', () => {
  const drop = {
    ...statement('CONTRACT'),
    reason: 'drops orders.note, which the running release may still read',
    advice: 'Wait.',
  };
  expect(modeFor({ database: database([drop]), stack: versionOnly, previousHealthy: true }).reasons).toEqual([
    'Migration 20260101_x drops orders.note, which the running release may still read (line 3). Wait.',
  ]);
});
