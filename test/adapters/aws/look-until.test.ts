import { expect, test } from '@jest/globals';
import { lookUntil } from '../../../functions/adapters/aws/look-until.ts';

const CALL_MILLIS = 120;

/** Looks at something that takes so long, each look by a call that takes its time; answers when it was noticed. */
const looked = async (takesMillis: number, notBeforeMillis?: number) => {
  let now = 0;
  let looks = 0;
  const clock = {
    now: () => new Date(now),
    sleep: async (millis: number) => {
      now += millis;
    },
  };
  const looking = { what: 'The thing', ...(notBeforeMillis !== undefined && { notBeforeMillis }) };
  await lookUntil(clock, looking, async () => {
    looks += 1;
    now += CALL_MILLIS;
    return now >= takesMillis ? 'there' : undefined;
  });
  return { lateMillis: now - takesMillis, looks };
};

test.each([10, 300, 1_000, 3_000, 4_900])(
  'what takes %i ms is noticed at most a quarter of that late',
  async (takes) => {
    expect((await looked(takes)).lateMillis).toBeLessThanOrEqual(takes / 4 + 20 + CALL_MILLIS);
  },
);

test.each([5_100, 8_000, 15_000, 40_000])(
  'what takes %i ms is noticed at most a fortieth of that late',
  async (takes) => {
    expect((await looked(takes)).lateMillis).toBeLessThanOrEqual(takes / 40 + 20 + CALL_MILLIS);
  },
);

test('where nothing takes time, the first look is the last', async () => {
  expect(await looked(0)).toEqual({ lateMillis: CALL_MILLIS, looks: 1 });
});

test('who knows that it is too early does not look before', async () => {
  const [knowing, ignorant] = [await looked(8_000, 4_000), await looked(8_000)];
  expect(knowing.looks).toBeLessThan(ignorant.looks);
  expect(knowing.lateMillis).toBeLessThanOrEqual(8_000 / 40 + CALL_MILLIS);
});

test('what takes longer than one task may wait ends as something to try again', async () => {
  await expect(looked(60_000)).rejects.toMatchObject({ name: 'Unavailable', message: /^The thing takes more than 45/ });
});
