import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openStore } from '../../infra/local/store.ts';

test('what was put is there after the store is opened again, ordered by key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-store-'));
  const file = join(folder, 'deep', 'state.db');
  const first = openStore(file).table<{ n: number }>('t');
  first.put('b/2', { n: 2 });
  first.put('a/1', { n: 1 });
  first.put('b/1', { n: 3 });
  const again = openStore(file);
  expect(again.table('t').list('b/')).toEqual([
    { key: 'b/1', value: { n: 3 } },
    { key: 'b/2', value: { n: 2 } },
  ]);
  expect(again.table('other').list()).toEqual([]);
  again.table('t').delete('a/1');
  expect(first.get('a/1')).toBeUndefined();
  again.close();
  rmSync(folder, { recursive: true });
});

test('a remembered table answers as the table does, whichever of the two is written, and after what was taken back', () => {
  const store = openStore();
  const plain = store.table<number>('t');
  const remembered = store.remembered<number>('t');
  const both = () => expect([remembered.get('a'), remembered.list()]).toEqual([plain.get('a'), plain.list()]);
  const write = fc.constantFrom(plain.put, remembered.put, store.remembered<number>('t').put);
  const remove = fc.constantFrom(plain.delete, remembered.delete);
  const rule = (puts: typeof plain.put, deletes: typeof plain.delete, value: number, fails: boolean) => {
    both();
    const change = () =>
      store.atomically(() => {
        deletes('a');
        both();
        puts('a', value);
        both();
        if (fails) throw new Error('in the middle');
      });
    if (fails) expect(change).toThrow('in the middle');
    else change();
    both();
    deletes('b');
    puts('b', value);
    both();
  };
  fc.assert(fc.property(write, remove, fc.integer(), fc.boolean(), rule));
  store.close();
});

test("what a remembered table answers cannot be changed by who asked, but the list is the caller's own", () => {
  const store = openStore();
  const table = store.remembered<{ names: string[] }>('t');
  table.put('a', { names: ['one'] });
  expect(() => table.get('a')?.names.push('two')).toThrow(TypeError);
  table.list().pop();
  expect(table.list()).toEqual([{ key: 'a', value: { names: ['one'] } }]);
  store.close();
});

test('what is written atomically is there as a whole or not at all, also when nested', () => {
  const store = openStore();
  const table = store.table<number>('t');
  const fails = () =>
    store.atomically(() => {
      table.put('a', 1);
      store.atomically(() => table.put('b', 2));
      throw new Error('in the middle');
    });
  expect(fails).toThrow('in the middle');
  expect(table.list()).toEqual([]);
  expect(store.atomically(() => store.atomically(() => 'done'))).toBe('done');
  table.put('a', 3);
  expect(table.list('a')).toEqual([{ key: 'a', value: 3 }]);
  store.close();
});
