import { expect, test } from '@jest/globals';
import {
  attempted,
  type DeliveryLook,
  type FailedDelivery,
  type HookDelivery,
  lookAfter,
} from '../../functions/domain/failed-delivery.ts';

const time = (minute: number) => new Date(Date.UTC(2026, 7, 1, 10, minute));
const row = (guid: string, given: Partial<HookDelivery> = {}): HookDelivery => ({
  id: `${guid}-1`,
  guid,
  event: 'push',
  repositoryId: '1001',
  deliveredAt: time(1).toISOString(),
  redelivery: false,
  statusCode: 500,
  pending: false,
  ...given,
});
const look = (listed: readonly HookDelivery[], before?: DeliveryLook, minute = 5) =>
  lookAfter(before, listed, time(minute), (repositoryId) => repositoryId === '1001');
const guids = ({ failed }: DeliveryLook) => failed.map(({ guid }) => guid);

test('a push that was not taken is remembered, and due at once', () => {
  expect(look([row('a')])).toEqual({
    lookedAt: time(5).toISOString(),
    failed: [
      {
        id: 'a-1',
        guid: 'a',
        repositoryId: '1001',
        failedAt: time(1).toISOString(),
        attempts: 0,
        dueAt: time(1).toISOString(),
      },
    ],
  });
});

test.each([
  ['no answer in time', { statusCode: 0 }, ['a']],
  ['throttled', { statusCode: 429 }, ['a']],
  ['taken', { statusCode: 202 }, []],
  ['not answered yet', { statusCode: 0, pending: true }, []],
  ['too large, which it would be again', { statusCode: 413 }, []],
  ['no push', { event: 'ping' }, []],
  ['of a repository that nobody configured', { repositoryId: '666' }, []],
  ['asked for: an attempt of another one', { redelivery: true }, []],
])('a delivery that is %s', (_case, given, expected) => {
  expect(guids(look([row('a', given)]))).toEqual(expected);
});

test('one sending that was taken ends the matter, before it is known or after', () => {
  const again = row('a', { id: 'a-2', redelivery: true, statusCode: 202 });
  expect(guids(look([again, row('a')]))).toEqual([]);
  expect(guids(look([again], look([row('a'), row('b')])))).toEqual(['b']);
});

test('two looks that see the same failure remember it once, with what was done about it', () => {
  const known = look([row('a')]);
  const tried = { ...known, failed: known.failed.flatMap((failed) => attempted(failed, time(5)) ?? []) };
  const later = look([row('a', { id: 'a-2', redelivery: true }), row('a')], tried, 10);
  expect(later.failed).toEqual([{ ...known.failed[0], attempts: 1, dueAt: time(10).toISOString() }]);
});

test('what GitHub has forgotten is forgotten', () => {
  expect(guids(look([], look([row('a')]), 3 * 24 * 60))).toEqual(['a']);
  expect(guids(look([], look([row('a')]), 3 * 24 * 60 + 2))).toEqual([]);
});

test('attempts come ever later and end before GitHub forgets', () => {
  let failed: FailedDelivery | undefined = look([row('a')]).failed[0];
  let now = time(5);
  let attempts = 0;
  while (failed) {
    failed = attempted(failed, now);
    attempts += 1;
    if (failed) now = new Date(Date.parse(failed.dueAt));
  }
  expect(attempts).toBe(9);
  expect(now.getTime() - time(5).getTime()).toBeLessThan(3 * 24 * 60 * 60_000);
});

test('an outage of the webhook fills one item and no more', () => {
  const many = Array.from({ length: 1000 }, (_, place) => row(`guid-${place}`));
  const full = look(many);
  expect(full.failed).toHaveLength(200);
  expect(JSON.stringify(full).length).toBeLessThan(100_000);
});
