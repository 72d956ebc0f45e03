import { calls, type Latency, operations } from './latency-table.ts';
import { seededRandom } from './seeded-random.ts';

export interface Draw {
  readonly seed: string;
  /** How many times as long AWS's own operations take; what lies between them stays. */
  readonly stretch: number;
}

export type DrawLatency = (operation: string, what?: string) => number;

/** z of the 99th of a hundred. */
const Z99 = 2.3263;

/** Milliseconds from the tables, logarithmically normal, the same again for the same seed; 0 for what stands in neither. */
export const seededLatencies = ({ seed, stretch }: Draw): DrawLatency => {
  const randoms = new Map<string, () => number>();
  const drawn = (key: string, { p50, p99 }: Latency) => {
    const random = randoms.get(key) ?? seededRandom(`${seed} ${key}`);
    randoms.set(key, random);
    return p50 * Math.exp((Math.log(p99 / p50) / Z99) * normal(random));
  };
  return (operation, what) => {
    for (const key of [`${operation} ${what}`, operation]) {
      const work = operations[key];
      if (work) return Math.round((work.isFixed ? 1 : stretch) * drawn(key, work));
    }
    const key = operation in calls || !operation.endsWith('.call') ? operation : 'api.call';
    const between = calls[key];
    return between ? Math.round(drawn(key, between)) : 0;
  };
};

/** Standard normal, by Box and Muller; nothing beyond the 99th of a hundred, because nobody has published what is there. */
const normal = (random: () => number): number => {
  const z = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(Math.max(z, -Z99), Z99);
};
