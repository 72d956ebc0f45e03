import { expect, test } from '@jest/globals';
import { ofOneCall } from '../../functions/runtime/one-call.ts';
import { memoryConfigurationStore } from '../support/memory-stores.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

test('the configuration is read once in a call, and what is not there, or cannot be read, once more', async () => {
  const store = memoryConfigurationStore();
  const reads: string[] = [];
  let fails = true;
  const remembered = ofOneCall.configuration?.({
    ...store,
    findCluster: async (name) => {
      reads.push(name);
      if (fails) throw new Error('busy');
      return store.findCluster(name);
    },
  });
  const cluster = sampleCluster();
  await expect(remembered?.findCluster(cluster.name)).rejects.toThrow('busy');
  fails = false;
  expect(await remembered?.findCluster(cluster.name)).toBeUndefined();
  await store.putCluster(cluster);
  await Promise.all([remembered?.findCluster(cluster.name), remembered?.findCluster(cluster.name)]);
  expect(await remembered?.findCluster(cluster.name)).toEqual(cluster);
  expect(reads).toHaveLength(3);
});
