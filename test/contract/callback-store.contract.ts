import { expect, test } from '@jest/globals';
import type { CallbackStore } from '../../functions/ports.ts';
import { aCallback } from '../support/records.ts';

const ok = { ok: true, output: { applied: ['1', '2'], nothing: null, deep: { empty: '' } } } as const;
const cancelled = {
  ok: false,
  error: 'Cancelled',
  cause: 'asked for',
  reason: { code: 'Cancelled', message: 'm' },
} as const;

/** What every CallbackStore does; `open` makes a fresh one. */
export const callbackStoreContract = (open: () => Promise<CallbackStore>) => {
  test('a callback goes from INTENDED over CALLED to COMPLETED', async () => {
    const store = await open();
    expect(await store.intend(aCallback())).toEqual(aCallback());
    await store.markCalled('t-1');
    expect(await store.find('t-1')).toEqual(aCallback({ status: 'CALLED' }));
    const completed = aCallback({ status: 'COMPLETED', outcome: ok });
    expect(await store.complete('t-1', ok)).toEqual(completed);
    expect(await store.find('t-1')).toEqual(completed);
  });

  test('a retry brings its task token to the same record', async () => {
    const store = await open();
    await store.intend(aCallback());
    await store.markCalled('t-1');
    const again = await store.intend(aCallback({ taskToken: 'task-token-2', touchedAt: '2026-08-01T10:05:00.000Z' }));
    expect(again).toMatchObject({ status: 'CALLED', taskToken: 'task-token-2', touchedAt: '2026-08-01T10:05:00.000Z' });
    expect(await store.complete('t-1', ok)).toMatchObject({ taskToken: 'task-token-2' });
  });

  test('an outcome is stored once, whoever comes first, before the call or after it', async () => {
    const store = await open();
    await store.intend(aCallback());
    const stored = await Promise.all([ok, cancelled, ok, cancelled].map((outcome) => store.complete('t-1', outcome)));
    const [first] = stored;
    for (const each of stored) expect(each).toEqual(first);
    await store.markCalled('t-1');
    expect(await store.intend(aCallback({ taskToken: 'task-token-2' }))).toEqual(first);
    expect(await store.find('t-1')).toEqual(first);
  });

  test('a callback is open until its state machine has been told', async () => {
    const store = await open();
    await store.intend(aCallback());
    await store.markTold('t-1');
    await store.complete('t-1', ok);
    const completed = aCallback({ status: 'COMPLETED', outcome: ok });
    expect(await store.listOpen()).toEqual([completed]);
    await Promise.all([store.markTold('t-1'), store.markTold('t-1')]);
    expect(await store.find('t-1')).toEqual({ ...completed, told: true });
    expect([await store.listOpen(), await store.listOpenBySubject('stack:prod-shop')]).toEqual([[], []]);
  });

  test('what was never intended is neither called nor completed', async () => {
    const store = await open();
    expect(await store.find('t-9')).toBeUndefined();
    await expect(store.markCalled('t-9')).rejects.toThrow('t-9: it was never intended');
    await expect(store.complete('t-9', ok)).rejects.toThrow('t-9: it was never intended');
    await expect(store.markTold('t-9')).rejects.toThrow('t-9: it was never intended');
  });

  test('open callbacks are listed oldest first, all of them or those of a subject', async () => {
    const store = await open();
    const images = aCallback({
      token: 't-3',
      stackName: 'eu-blog',
      waitsFor: { kind: 'image', images: ['a/shop:1', 'a/shop-migrations:1'], draft: 'drafts/1' },
      createdAt: '2026-08-01T09:00:00.000Z',
    });
    for (const callback of [aCallback({ token: 't-2' }), aCallback(), images, aCallback({ token: 't-4' })])
      await store.intend(callback);
    await store.complete('t-4', ok);
    await store.markTold('t-4');
    expect((await store.listOpen()).map(({ token }) => token)).toEqual(['t-3', 't-1', 't-2']);
    expect((await store.listOpenBySubject('stack:prod-shop')).map(({ token }) => token)).toEqual(['t-1', 't-2']);
    expect(await store.listOpenBySubject('image:a/shop-migrations:1')).toEqual([images]);
    expect(await store.listOpenBySubject('image:a/shop')).toEqual([]);
  });
};
