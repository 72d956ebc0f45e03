import { describe, expect, test } from '@jest/globals';
import { plain } from '../../../bin/view/paint.ts';
import { rejectionLines } from '../../../bin/view/rejection-lines.ts';
import { rejectionsFrom } from '../../../bin/view/request-outcome.ts';
import { COMMIT } from './records.ts';

const request = { id: 'r', commit: COMMIT };
const received = (...environments: string[]) => ({
  outcome: 'RECEIVED',
  reason: environments.length > 0 ? 'Some of its targets match refs/heads/x' : 'No target matches refs/heads/x',
  request,
  targets: environments.map((environment) => ({ environment })),
});

const linesOf = (output: object) =>
  rejectionsFrom(JSON.stringify(output)).flatMap((rejection) => rejectionLines(rejection, plain));

describe('A request of which no deployment came', () => {
  test('shows a refused configuration with every place, for its environment', () => {
    const reason = 'The application file is not valid\napp.yaml:9:15 port: expected a number';
    const targets = [
      { outcome: 'ACCEPTED', reason: 'Queued' },
      { outcome: 'REJECTED', reason },
    ];
    expect(linesOf({ answer: received('dev', 'prod'), targets })).toEqual([
      '✘ 61648b7 for prod was refused: The application file is not valid',
      '  app.yaml:9:15 port: expected a number',
      '  Nothing was changed, what runs goes on. Correct it, commit and push again.',
    ]);
  });

  test.each([
    [
      'without a target',
      { answer: received(), targets: [] },
      '61648b7: nothing to deploy. No target matches refs/heads/x',
    ],
    [
      'overtaken',
      { answer: received('dev'), targets: [{ outcome: 'OVERTAKEN', reason: 'main has moved on' }] },
      '61648b7 for dev: nothing to deploy. main has moved on',
    ],
    [
      'ignored at once',
      { answer: { outcome: 'IGNORED', reason: 'refs/heads/x was deleted', targets: [] }, targets: [] },
      'A push: nothing to deploy. refs/heads/x was deleted',
    ],
  ])('says in one line why, when it was %s', (_how, output, line) => {
    expect(linesOf(output)).toEqual([line]);
  });

  test('says nothing of what was accepted, once or again', () => {
    const targets = [
      { outcome: 'ACCEPTED', reason: 'Queued' },
      { outcome: 'DUPLICATE', reason: 'Accepted before' },
    ];
    expect(linesOf({ answer: received('dev', 'prod'), targets })).toEqual([]);
  });
});

test('a preview is told to who asked for it, and to nobody else', () => {
  const answer = { ...received('dev'), request: { id: 'plan-1', preview: true } };
  for (const outcome of ['PLANNED', 'REFUSED', 'REJECTED'])
    expect(linesOf({ answer, targets: [{ outcome, reason: 'x', preview: 'p' }] })).toEqual([]);
});
