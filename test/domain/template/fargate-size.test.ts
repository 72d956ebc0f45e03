import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fargateSize } from '../../../functions/domain/template/fargate-size.ts';

test.each([
  [128, 128, 256, 512],
  [256, 513, 256, 1024],
  [256, 2049, 512, 3072],
  [257, 512, 512, 1024],
  [1024, 2048, 1024, 2048],
  [1024, 8193, 2048, 9216],
  [4097, 17_000, 8192, 20_480],
  [16_384, 122_880, 16_384, 122_880],
])('%i CPU units and %i MiB run as %i and %i', (cpu, memory, taskCpu, taskMemory) => {
  expect(fargateSize({ cpu, memory })).toEqual({ cpu: taskCpu, memory: taskMemory });
});

test('what is larger than the largest task has no size', () => {
  expect(fargateSize({ cpu: 16_385, memory: 512 })).toBeUndefined();
  expect(fargateSize({ cpu: 256, memory: 122_881 })).toBeUndefined();
});

test('a size has always room for what was asked, with 1.875 to 8 MiB for each CPU unit', () => {
  const cpu = fc.integer({ min: 1, max: 16_384 });
  const memory = fc.integer({ min: 4, max: 122_880 });
  fc.assert(
    fc.property(cpu, memory, (units, mib) => {
      const size = fargateSize({ cpu: units, memory: mib });
      expect(size?.cpu).toBeGreaterThanOrEqual(units);
      expect(size?.memory).toBeGreaterThanOrEqual(mib);
      const perUnit = (size?.memory ?? 0) / (size?.cpu ?? 1);
      expect(perUnit).toBeGreaterThanOrEqual(1.875);
      expect(perUnit).toBeLessThanOrEqual(8);
    }),
  );
});
