import { describe, expect, test } from '@jest/globals';
import { endLines } from '../../../bin/view/end-lines.ts';
import { plain } from '../../../bin/view/paint.ts';
import { aStack } from '../../support/records.ts';
import { aPlan, aPush, aStep, at } from './records.ts';

const answer = { url: 'http://127.0.0.1:8080', said: '200 OK: Welcome' };
const reason = {
  code: 'MigrationFailed',
  message: 'Migration db/1.sql failed with exit code 2:\nApplying: 1.sql\nError: no such table',
  left: 'The version table is as it was before',
  remedy: 'Correct the migration and push again',
};
const broken = { deploymentId: 'd-1', reason, left: ['InfraMigrate had been done'], operatorNeeded: false };

describe('The end of a deployment', () => {
  test('DONE tells what runs, where, and what it answers', () => {
    expect(endLines({ deployment: aPush({ status: 'DONE' }), stack: aStack(), answer }, plain)).toEqual([
      '✔ prod-shop 61648b7 runs, after 3.0 s.',
      '  http://127.0.0.1:8080 answers 200 OK: Welcome',
    ]);
  });

  test('DONE after a downtime tells how long nothing served', () => {
    const deployment = aPush({ status: 'DONE', plan: { ...aPlan, mode: 'DOWNTIME' } }, [
      aStep('ScaleDown', { startedAt: at(500) }),
      aStep('ScaleUp', { startedAt: at(2_000), endedAt: at(2_600) }),
    ]);
    expect(endLines({ deployment, stack: aStack(), answer: undefined }, plain)).toEqual([
      '✔ prod-shop 61648b7 runs, after 3.0 s, down for at most 2.1 s of it.',
    ]);
  });

  test('DONE of another strategy claims nothing of what runs', () => {
    const deployment = aPush({ status: 'DONE', strategy: 'destroy-database' });
    expect(endLines({ deployment, stack: aStack(), answer: undefined }, plain)).toEqual([
      '✔ prod-shop 61648b7 has had its destroy-database, after 3.0 s.',
    ]);
  });

  test('FAILED tells what happened with the end of the log, the state of the world, what to do and what serves', () => {
    const deployment = aPush({ status: 'FAILED', reason });
    const stack = aStack({ status: 'BROKEN', broken });
    expect(endLines({ deployment, stack, answer }, plain)).toEqual([
      '✘ prod-shop 61648b7 FAILED, after 3.0 s.',
      '  What happened:      Migration db/1.sql failed with exit code 2',
      '    | Applying: 1.sql',
      '    | Error: no such table',
      '  State of the world: The version table is as it was before',
      '                      InfraMigrate had been done',
      '  What to do:         Correct the migration and push again',
      '  What serves:        http://127.0.0.1:8080 answers 200 OK: Welcome',
      '  Way back:           prod-shop is BROKEN and its queue is held: push a fix, which runs by itself where the environment fixes forward; or npm run slipway -- resume prod-shop',
    ]);
  });

  test.each([
    ['nothing had changed', aStack(), 'Nothing is held: commit a fix and push it.'],
    ['the stack is gone', undefined, 'Nothing is held: commit a fix and push it.'],
    [
      'an operator is needed',
      aStack({ status: 'BROKEN', broken: { ...broken, operatorNeeded: true } }),
      'prod-shop is BROKEN, its queue is held, and it needs you: set right what is named above, then npm run slipway -- resume prod-shop',
    ],
  ])('FAILED names the way back when %s', (_when, stack, wayBack) => {
    const lines = endLines({ deployment: aPush({ status: 'FAILED', reason }), stack, answer: undefined }, plain);
    expect(lines.at(-1)).toBe(`  Way back:           ${wayBack}`);
  });

  test("what an earlier deployment left is not this one's", () => {
    const stack = aStack({ status: 'BROKEN', broken: { ...broken, deploymentId: 'd-0' } });
    const lines = endLines({ deployment: aPush({ status: 'FAILED', reason }), stack, answer: undefined }, plain);
    expect(lines.join('\n')).not.toContain('InfraMigrate had been done');
  });

  test('a record without a reason says so', () => {
    const lines = endLines({ deployment: aPush({ status: 'FAILED' }), stack: aStack(), answer: undefined }, plain);
    expect(lines[1]).toBe('  What happened:      No reason was recorded');
  });

  test('TERMINATED tells what was left, each thing once, and names a way back only from a broken stack', () => {
    const left = 'CFUpsert was taken back\nPGMigrate.main had begun';
    const cancelled = { code: 'Cancelled', message: 'bob asked to end this deployment', left, remedy: 'Push again' };
    const deployment = aPush({ status: 'TERMINATED', reason: cancelled });
    const told = [
      '✘ prod-shop 61648b7 TERMINATED, after 3.0 s.',
      '  What happened:      bob asked to end this deployment',
      '  State of the world: CFUpsert was taken back',
      '                      PGMigrate.main had begun',
      '  What to do:         Push again',
    ];
    expect(endLines({ deployment, stack: aStack(), answer: undefined }, plain)).toEqual(told);
    const stack = aStack({ status: 'BROKEN', broken: { ...broken, reason: cancelled, left: left.split('\n') } });
    expect(endLines({ deployment, stack, answer: undefined }, plain)).toEqual([
      ...told,
      expect.stringContaining('Way back:           prod-shop is BROKEN'),
    ]);
  });

  test('SUPERSEDED names the one that runs instead', () => {
    const deployment = aPush({ status: 'SUPERSEDED', supersededBy: 'd-2' });
    expect(endLines({ deployment, stack: aStack(), answer }, plain)).toEqual([
      '- prod-shop 61648b7 was superseded by d-2.',
    ]);
  });
});
