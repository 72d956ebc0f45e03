import { describe, expect, test } from '@jest/globals';
import { plain } from '../../../bin/view/paint.ts';
import { previewLines } from '../../../bin/view/preview-lines.ts';
import { evalJoin } from '../../../functions/domain/plan/eval-join.ts';
import type { Preview } from '../../../functions/domain/plan/preview.ts';
import { change, database, hash, infrastructure, joinInput, stack, statement } from '../../domain/plan/findings.ts';

const preview = (input: Parameters<typeof joinInput>[0], more: Partial<Preview> = {}): Preview => ({
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
  evaluation: evalJoin(joinInput(input), hash),
  ...more,
});
const lines = (shown: Preview) => previewLines(shown, 'StackWait, Done', plain);

describe('A preview', () => {
  test('tells mode, reasons, outage, locks, databases with classes, changes as a table, steps and what to type', () => {
    const shown = preview({
      databases: [database([statement('CONTRACT'), statement('EXPAND', 'L0')]), database([], { database: 'log' })],
      stack: infrastructure({
        changes: [
          change('Service', 'AWS::ECS::Service', { properties: ['TaskDefinition'] }),
          change('Group', 'AWS::X::Y', { replacement: 'Conditional', properties: ['Port', 'Name'] }),
          change('Old', 'AWS::SQS::Queue', { action: 'Remove' }),
        ],
      }),
    });
    expect(lines(shown)).toEqual([
      'Plan of prod-shop c0ffee: DOWNTIME, nothing serves while infrastructure and data move',
      '  main: Migration 20260101_x does something CONTRACT to orders (line 3).',
      expect.stringMatching(/^ {2}about \d+ s of outage expected$/),
      '',
      'Locks:',
      '  public.orders: L1, blocks reads and writes for a moment',
      '',
      'Replaced:',
      '  Group (AWS::X::Y), perhaps',
      '',
      'Databases:',
      '  log: nothing is pending',
      '  main: 1 pending, CONTRACT, lock L1',
      '    db/migrations/20260101_x.sql:3  CONTRACT  L1  ALTER TABLE orders',
      '    db/migrations/20260101_x.sql:3  EXPAND    L0  ALTER TABLE orders',
      '',
      "Changes of the stack, from CloudFormation's change set:",
      '  Modify  Service  AWS::ECS::Service                    TaskDefinition',
      '  Modify  Group    AWS::X::Y          perhaps replaced  Port, Name',
      '  Remove  Old      AWS::SQS::Queue',
      '',
      'Steps:',
      '  StackWait, Done',
      '',
      'Nothing was queued, nothing was changed.',
      'To deploy it: npm run slipway -- deploy prod, with the same options.',
    ]);
  });

  test('tells what a person has to agree to, and who wants it', () => {
    const asked = preview({ stack: stack({ approvals: ['Bucket would be deleted.'] }) }, { approval: true });
    expect(lines(asked)).toContain('  Bucket would be deleted.');
    expect(lines(preview({}, { approval: true }))).toContain('  Environment prod wants a signature for it.');
    expect(lines(preview({})).join()).not.toContain('agree');
  });

  test('tells that nothing changes, and what it was read from', () => {
    const shown = lines(preview({ stack: stack({ kind: 'nothing' }) }, { basis: 'templates' }));
    expect(shown.slice(shown.indexOf('Changes of the stack, from the templates alone:'))[1]).toBe('  none');
  });

  test('of a quick deployment promises no order', () => {
    expect(lines(preview({}, { strategy: 'quick' }))[0]).toBe(
      'Plan of prod-shop c0ffee: quick, without waiting for a plan',
    );
  });

  test('that is refused tells every reason', () => {
    const refused = preview({ stack: stack({ refusals: ['One.', 'Two.\nThree.'] }) }, { notes: ['It is held.'] });
    expect(lines(refused)).toEqual([
      '✘ prod-shop c0ffee would be refused:',
      '  One.',
      '  Two.',
      '  Three.',
      '  It is held.',
      'Nothing was queued, nothing was changed.',
    ]);
  });
});
