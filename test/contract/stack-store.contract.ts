import { expect, test } from '@jest/globals';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import type { StackStore } from '../../functions/ports.ts';
import { anEntry, aStack, identity, triggered } from '../support/records.ts';
import { stackCells } from '../support/stack-matrix.ts';

/** What every StackStore does; `open` makes a fresh one that holds these stacks. */
export const stackStoreContract = (open: (stacks?: readonly Stack[]) => Promise<StackStore>) => {
  test('every status x event: the store moves what the table moves and refuses what it refuses', async () => {
    const cells = stackCells().map((cell, place) => ({ ...cell, id: `prod-shop-${place}` }));
    const store = await open(cells.flatMap(({ stack, id }) => (stack ? [{ ...stack, name: id }] : [])));
    for (const { name, event, stack, to, id } of cells) {
      const before = await store.find(id);
      const written = await store.apply(id, event, identity);
      const status = to === 'STABLE' ? expect.stringMatching(/^(AVAILABLE|MIGRATING)$/) : to;
      if (to === undefined)
        expect([name, written]).toEqual([name, expect.objectContaining({ kind: 'refused', record: before })]);
      else expect([name, written]).toMatchObject([name, { kind: 'moved', record: { status } }]);
      expect(await store.find(id)).toEqual(written.record);
      if (to !== undefined) expect([name, (await store.apply(id, event, identity)).kind]).toEqual([name, 'repeated']);
      if (!stack && to === undefined) expect(await store.find(id)).toBeUndefined();
    }
  });

  test('a refusal has a name, a sentence and the stack as it stands', async () => {
    const store = await open([aStack({ status: 'MIGRATING', queue: [anEntry('d1'), anEntry('d2')] })]);
    expect(await store.apply('prod-shop', { type: 'Claimed', deploymentId: 'd2' })).toEqual({
      kind: 'refused',
      code: 'NotNext',
      reason: 'Stack prod-shop runs d1 next; d2 has to wait for its turn',
      record: aStack({ status: 'MIGRATING', queue: [anEntry('d1'), anEntry('d2')] }),
    });
  });

  test('many requests at once are all queued, each once', async () => {
    const store = await open();
    const ids = Array.from({ length: 24 }, (_, place) => `d${place}`);
    const written = await Promise.all(ids.map((id) => store.apply('prod-shop', triggered(anEntry(id)), identity)));
    expect(written.every(({ kind }) => kind === 'moved')).toBe(true);
    const stack = await store.find('prod-shop');
    expect(stack?.queue.map(({ deploymentId }) => deploymentId).sort()).toEqual([...ids].sort());
    expect(stack?.revision).toBe(24);
  });

  test('of many claims at once one moves the stack, the others find it made or are refused', async () => {
    const store = await open([aStack({ status: 'MIGRATING', queue: [anEntry('d1'), anEntry('d2')] })]);
    const claims = Array.from(
      { length: 20 },
      (_, place) => ({ type: 'Claimed', deploymentId: `d${1 + (place % 2)}` }) as const,
    );
    const written = await Promise.all(claims.map((claim) => store.apply('prod-shop', claim)));
    expect(written.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
    expect(written.filter(({ kind }) => kind === 'repeated')).toHaveLength(9);
    expect(await store.find('prod-shop')).toMatchObject({ current: { deploymentId: 'd1', fence: 1 }, fence: 1 });
  });

  test('the lists show all stacks by name, and those that somebody has to look after', async () => {
    const store = await open();
    for (const name of ['b', 'a', 'c']) await store.apply(name, triggered(anEntry(`d-${name}`)), identity);
    await store.apply('c', { type: 'Withdrawn', deploymentId: 'd-c' });
    expect((await store.list()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect((await store.listBusy()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await store.listBusy()).toEqual([await store.find('a'), await store.find('b')]);
  });
};
