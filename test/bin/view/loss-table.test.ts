import { describe, expect, test } from '@jest/globals';
import { isKept, type LossRow, lossTable } from '../../../bin/view/loss-table.ts';
import { plain } from '../../../bin/view/paint.ts';

const row = (given: Partial<LossRow> = {}): LossRow => ({
  release: '02-new-greeting',
  mode: 'NOP',
  failed: false,
  predictedSeconds: 0,
  basis: 'table',
  figures: { requests: 40, failed: 0, longestGapMillis: 61.4, failures: {} },
  ...given,
});
const lossy = { requests: 52, failed: 14, longestGapMillis: 1_893, failures: { '503 Service Unavailable': 14 } };
const downtime = row({ release: '05-large-prices', mode: 'DOWNTIME', predictedSeconds: 181, figures: lossy });
const broken = row({ release: '07-broken-reviews', mode: 'BEFORE', failed: true });

const tableOf = (...rows: LossRow[]) => lossTable(rows, 50, plain);

describe('The table of what users lost', () => {
  test('has a row for each release, and the outage predicted beside the measured one for a downtime', () => {
    expect(tableOf(row(), downtime, broken).slice(1, 7)).toEqual([
      'What the users of the shop saw, from each push to the next',
      '',
      'release            mode      requests  failed  longest gap  predicted  measured',
      '02-new-greeting    NOP             40       0        61 ms',
      '05-large-prices    DOWNTIME        52      14      1893 ms      181 s     1.9 s',
      '07-broken-reviews  BEFORE ✘        40       0        61 ms',
    ]);
  });

  test('fits a terminal of 80 columns', () => {
    for (const line of tableOf(row(), downtime, broken).slice(0, 7)) expect(line.length).toBeLessThan(80);
  });

  test('says in words what a downtime cost, where its prediction came from, and what a failure left', () => {
    const text = tableOf(row(), downtime, broken).join('\n');
    expect(text).toContain(
      '05-large-prices: predicted 181 s of outage, measured 1.9 s; 14 requests got 503 Service Unavailable.',
    );
    expect(text).toContain('The prediction is for tasks on AWS');
    expect(text).toContain('✘ 07-broken-reviews ended FAILED; what ran before it went on serving.');
    expect(text).toContain('✔ Outside the DOWNTIME no request was lost.');
    expect(tableOf({ ...downtime, basis: 'measured' }).join('\n')).not.toContain('for tasks on AWS');
  });

  test('names a release that lost what it should not have', () => {
    const lines = tableOf(row({ figures: lossy }), downtime);
    expect(lines.at(-1)).toBe('✘ 02-new-greeting lost requests in mode NOP: 14 requests got 503 Service Unavailable.');
    expect(lines.join('\n')).not.toContain('no request was lost');
  });

  test('shows a release that ended without a plan as one', () => {
    expect(tableOf(row({ mode: undefined, failed: true }))[4]).toMatch(/^02-new-greeting {2}none ✘ +40/);
  });
});

test('only a downtime may lose requests', () => {
  const modes = ['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP', undefined] as const;
  expect(modes.filter((mode) => isKept(row({ mode, figures: lossy })))).toEqual(['DOWNTIME']);
  expect(modes.filter((mode) => isKept(row({ mode })))).toEqual(modes);
});
