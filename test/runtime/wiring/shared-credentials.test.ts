import { expect, test } from '@jest/globals';
import { sharedCredentials } from '../../../functions/runtime/wiring/shared-credentials.ts';

const HOUR = 60 * 60_000;

/** A role that can be assumed for an hour at a time, and a clock. */
const world = () => {
  const state = { now: 0, assumed: 0, fails: false };
  const shared = sharedCredentials(
    async () => {
      state.assumed += 1;
      if (state.fails) throw new Error('denied');
      return { accessKeyId: `key-${state.assumed}`, secretAccessKey: '', expiration: new Date(state.now + HOUR) };
    },
    () => new Date(state.now),
  );
  return { state, shared };
};

test('a role is assumed once for all who ask, at once or later', async () => {
  const { state, shared } = world();
  const keys = await Promise.all([shared(), shared(), shared()]);
  state.now += HOUR / 2;
  expect([...keys, await shared()].map(({ accessKeyId }) => accessKeyId)).toEqual(Array(4).fill('key-1'));
});

test('it is assumed anew, once, before it expires', async () => {
  const { state, shared } = world();
  await shared();
  state.now += HOUR - 6 * 60_000;
  const keys = await Promise.all([shared(), shared()]);
  expect(keys.map(({ accessKeyId }) => accessKeyId)).toEqual(['key-2', 'key-2']);
});

test('a failure is told to those who asked, and not kept', async () => {
  const { state, shared } = world();
  state.fails = true;
  await expect(shared()).rejects.toThrow('denied');
  state.fails = false;
  expect((await shared()).accessKeyId).toBe('key-2');
});
