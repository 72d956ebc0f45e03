import { expect, test } from '@jest/globals';
import { type FirstPushView, firstPushLines } from '../../../bin/view/first-push-lines.ts';
import { plain } from '../../../bin/view/paint.ts';
import { aStack } from '../../support/records.ts';
import { aPush, COMMIT } from './records.ts';

const answer = { url: 'http://127.0.0.1:8080', said: '200 OK: Welcome' };
const serving = [
  'Resumed: prod-shop runs its last release, so nothing is pushed.',
  '  http://127.0.0.1:8080 answers 200 OK: Welcome',
];
const before = '61648b7 was pushed before, so nothing is pushed now: ';
const failed = aPush({ status: 'FAILED', reason: { code: 'X', message: 'No such table:\nlog' } });

test.each<[string, FirstPushView, readonly string[]]>([
  ['was pushed', { kind: 'pushed', undelivered: undefined }, []],
  [
    'could not be delivered',
    { kind: 'pushed', undelivered: 'failed to connect to host' },
    ['GitHub could not deliver the push: failed to connect to host'],
  ],
  ['had run before', { kind: 'serving', stacks: [aStack()], underWay: false, answer }, serving],
  [
    'had run before, and something is under way',
    { kind: 'serving', stacks: [aStack()], underWay: true, answer },
    [...serving, '  What was under way goes on.'],
  ],
  [
    'had run before a later one broke the stack',
    { kind: 'serving', stacks: [aStack({ status: 'BROKEN' })], underWay: false, answer },
    [...serving, '  prod-shop is BROKEN by a later deployment: npm run slipway -- status prod-shop'],
  ],
  [
    'is under way',
    { kind: 'pushed before', commit: COMMIT, underWay: true, last: undefined },
    [`${before}it goes on.`],
  ],
  [
    'had failed',
    { kind: 'pushed before', commit: COMMIT, underWay: false, last: failed },
    [
      `${before}its deployment ended FAILED: No such table. Commit a fix and push it, or begin anew with npm start -- --fresh.`,
    ],
  ],
  [
    'was refused',
    { kind: 'pushed before', commit: COMMIT, underWay: false, last: undefined },
    [`${before}no deployment came of it. Commit a fix and push it, or begin anew with npm start -- --fresh.`],
  ],
])('the first release %s', (_what, view, lines) => {
  expect(firstPushLines(view, plain)).toEqual(lines);
});
