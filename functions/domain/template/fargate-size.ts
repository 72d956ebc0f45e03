/** CPU units, and MiB. */
interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/**
 * CPU units -> the least and the most MiB that go with them, and the steps between:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const table: readonly (readonly [cpu: number, least: number, most: number, step: number])[] = [
  [256, 512, 512, 512],
  [256, 1024, 2048, 1024],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16_384, 1024],
  [4096, 8192, 30_720, 1024],
  [8192, 16_384, 61_440, 4096],
  [16_384, 32_768, 122_880, 8192],
];

/** The smallest task of Fargate that has room for both; undefined when none is large enough. */
export const fargateSize = ({ cpu, memory }: Size): Size | undefined => {
  const row = table.find(([units, , most]) => units >= cpu && most >= memory);
  if (!row) return undefined;
  const [units, least, , step] = row;
  return { cpu: units, memory: Math.max(least, least + Math.ceil((memory - least) / step) * step) };
};
