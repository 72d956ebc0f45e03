import { expect, test } from '@jest/globals';
import { rememberedDocuments } from '../../../functions/adapters/aws/remembered-documents.ts';
import { memoryDocumentStore } from '../../support/memory-stores.ts';

/** A store that counts how often it is really read. */
const counted = () => {
  const store = memoryDocumentStore();
  const reads: string[] = [];
  const find = <T>(key: string) => {
    reads.push(key);
    return store.find<T>(key);
  };
  return { reads, documents: rememberedDocuments({ ...store, find }) };
};

test('a document is read once, and one that is not there yet is looked for again', async () => {
  const { reads, documents } = counted();
  expect(await documents.find('a')).toBeUndefined();
  await documents.put('a', { value: 1 });
  expect([await documents.find('a'), await documents.find('a')]).toEqual([{ value: 1 }, { value: 1 }]);
  expect(reads).toEqual(['a', 'a']);
});

test('only so many are kept, the newest ones', async () => {
  const { reads, documents } = counted();
  const keys = Array.from({ length: 11 }, (_, index) => `document-${index}`);
  for (const key of keys) {
    await documents.put(key, { key });
    await documents.find(key);
  }
  await documents.find('document-10');
  expect(reads).toEqual(keys);
  await documents.find('document-0');
  expect(reads).toEqual([...keys, 'document-0']);
});
