import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Probe, probeFigures, sinceFirstAnswer } from '../../../bin/local/probe-figures.ts';

const good = (sentAt: number, answeredAt = sentAt + 5): Probe => ({ sentAt, answeredAt });
const bad = (sentAt: number, failure = '503 Service Unavailable'): Probe => ({
  sentAt,
  answeredAt: sentAt + 1,
  failure,
});

describe('The figures of a prober', () => {
  test('count what was sent within the span, and what failed by its words', () => {
    const probes = [good(90), good(100), bad(150), bad(160, 'connect ECONNREFUSED'), bad(170), good(200)];
    expect(probeFigures(probes, 100, 200)).toMatchObject({
      requests: 4,
      failed: 3,
      failures: { '503 Service Unavailable': 2, 'connect ECONNREFUSED': 1 },
    });
  });

  test('have as longest gap the time between two good answers, whatever failed between them', () => {
    expect(probeFigures([good(0), good(50), bad(100), bad(150), good(200), good(250)], 0, 260).longestGapMillis).toBe(
      205 - 55,
    );
  });

  test('take the answers in the order in which they arrived, not in that of the requests', () => {
    expect(probeFigures([good(0, 90), good(50, 60), good(100, 110)], 0, 120).longestGapMillis).toBe(60);
  });

  test('count silence at both edges of the span', () => {
    expect(probeFigures([bad(0), bad(50), good(70, 80)], 0, 100).longestGapMillis).toBe(80);
    expect(probeFigures([good(0, 10), bad(50), bad(80)], 0, 100).longestGapMillis).toBe(90);
  });

  test('of an answer that arrives after the span end with it', () => {
    expect(probeFigures([good(0, 10), good(50, 170)], 0, 100).longestGapMillis).toBe(90);
  });

  test('of no request are zero', () => {
    expect(probeFigures([good(5)], 10, 20)).toEqual({ requests: 0, failed: 0, longestGapMillis: 0, failures: {} });
  });

  test('of spans side by side add up to those of the whole', () => {
    const probes = fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.boolean())).map((rows) =>
      rows.map(([sentAt, took, failed]) => ({
        sentAt,
        answeredAt: sentAt + took,
        ...(failed && { failure: 'no' }),
      })),
    );
    fc.assert(
      fc.property(probes, fc.nat(101), (sent, cut) => {
        const [first, second, whole] = [
          [0, cut],
          [cut, 101],
          [0, 101],
        ].map(([from = 0, to = 0]) => probeFigures(sent, from, to));
        expect((first?.requests ?? 0) + (second?.requests ?? 0)).toBe(whole?.requests);
        expect((first?.failed ?? 0) + (second?.failed ?? 0)).toBe(whole?.failed);
      }),
    );
  });

  test('never have a gap that is longer than the span', () => {
    const probes = fc.array(fc.tuple(fc.nat(100), fc.nat(400)).map(([sentAt, took]) => good(sentAt, sentAt + took)));
    fc.assert(
      fc.property(probes, (sent) => {
        expect(probeFigures(sent, 0, 101).longestGapMillis).toBeLessThanOrEqual(101);
      }),
    );
  });
});

test('requests before the first good answer say nothing of a loss', () => {
  expect(sinceFirstAnswer([bad(0, '404 Not Found'), good(50), bad(100)])).toEqual([good(50), bad(100)]);
  expect(sinceFirstAnswer([bad(0), bad(50)])).toEqual([]);
});
