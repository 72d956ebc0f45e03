import { expect, test } from '@jest/globals';
import { rememberedSecrets } from '../../../functions/adapters/aws/remembered-secrets.ts';

/** A store of secrets on a clock, which counts how often it is asked. */
const remembered = (first: readonly string[]) => {
  const store = { secrets: first, reads: 0, now: 0, broken: false };
  const read = async () => {
    store.reads++;
    if (store.broken) throw new Error('ThrottlingException');
    return store.secrets;
  };
  return { store, memory: rememberedSecrets(read, () => store.now) };
};

test('what was read is kept for five minutes', async () => {
  const { store, memory } = remembered(['a']);
  await Promise.all([memory.secrets(), memory.secrets()]);
  store.secrets = ['b'];
  store.now = 5 * 60_000 - 1;
  expect(await memory.secrets()).toEqual(['a']);
  expect(store.reads).toBe(1);
  store.now++;
  expect(await memory.secrets()).toEqual(['b']);
});

test('what is not there yet is looked for again after five seconds', async () => {
  const { store, memory } = remembered([]);
  expect(await memory.secrets()).toEqual([]);
  store.secrets = ['a'];
  store.now = 4_999;
  expect(await memory.secrets()).toEqual([]);
  store.now = 5_000;
  expect(await memory.secrets()).toEqual(['a']);
});

test('a flood of forged deliveries is one look in five seconds', async () => {
  const { store, memory } = remembered(['a']);
  await memory.secrets();
  for (const now of [5_000, 10_000, 60_000]) {
    store.now = now;
    const before = store.reads;
    await Promise.all(Array.from({ length: 50 }, memory.lookAgain));
    expect(await memory.lookAgain()).toBeUndefined();
    expect(store.reads).toBe(before + 1);
  }
});

test('a flood on a store that does not answer is no more than that either, and forgets nothing', async () => {
  const { store, memory } = remembered(['a']);
  await memory.secrets();
  store.broken = true;
  store.now = 5_000;
  const looks = await Promise.allSettled(Array.from({ length: 50 }, memory.lookAgain));
  expect(looks.some(({ status }) => status === 'rejected')).toBe(true);
  expect(await memory.lookAgain()).toBeUndefined();
  expect(store.reads).toBe(2);
  expect(await memory.secrets()).toEqual(['a']);
});
