import { expect, test } from '@jest/globals';
import { evalJoin } from '../../../functions/domain/plan/eval-join.ts';
import { gistOf, type Preview } from '../../../functions/domain/plan/preview.ts';
import { previewNotes } from '../../../functions/domain/plan/preview-notes.ts';
import { anEntry, aStack } from '../../support/records.ts';
import { hash, joinInput, stack } from './findings.ts';

const preview = (more: Partial<Preview> = {}): Preview => ({
  requestId: 'plan-1',
  actor: 'ada',
  stackName: 'prod-shop',
  environment: 'prod',
  application: 'shop',
  version: 'c0ffee',
  strategy: 'full',
  missingImages: [],
  basis: 'change-set',
  notes: [],
  approval: false,
  evaluation: evalJoin(joinInput(), hash),
  ...more,
});

test('its gist is the mode with the first reason, or every reason of a refusal', () => {
  const reason = 'Only the version changes, and no migration is pending.';
  expect(gistOf(preview())).toEqual({ mode: 'NOP', reason: `NOP: ${reason}` });
  expect(gistOf(preview({ strategy: 'quick' })).reason).toBe(`quick; evaluated: NOP: ${reason}`);
  const evaluation = evalJoin(joinInput({ stack: stack({ refusals: ['One.', 'Two.'] }) }), hash);
  expect(gistOf(preview({ evaluation }))).toEqual({ mode: '', reason: 'One.\nTwo.' });
});

test('what a deployment would have to wait for is said', () => {
  const current = { deploymentId: 'd-1', fence: 3 };
  const held = aStack({ status: 'BROKEN', current, queue: [anEntry('d-2'), anEntry('d-3')] });
  const notes = previewNotes({ strategy: 'full', missingImages: ['shop:1'], stack: held });
  expect(notes).toEqual([
    'Image shop:1 does not exist yet: a deployment waits for it first.',
    'Stack prod-shop is held by d-1: what that one still changes is not in this plan.',
    'Queued before it: d-2, d-3.',
    'Stack prod-shop is BROKEN: a deployment waits until it is resumed, or until a fix is pushed.',
  ]);
});

test('where nothing is in the way nothing is said, but for what quick leaves out', () => {
  const situation = { missingImages: [], stack: aStack() };
  expect(previewNotes({ ...situation, strategy: 'full' })).toEqual([]);
  expect(previewNotes({ ...situation, stack: undefined, strategy: 'full' })).toEqual([]);
  expect(previewNotes({ ...situation, strategy: 'quick' })).toEqual([expect.stringContaining('nothing waits for it')]);
});
