import { type ChainEvent, longestChain, type Visit } from './longest-chain.ts';
import { seededRandom } from './seeded-random.ts';
import { policies } from './waiting-policies.ts';
import type { Wait } from './waits.ts';

/** How often a policy's luck is tried. */
const TRIES = 400;

export interface PeerWall {
  readonly wallMillis: number;
  readonly looks: number;
}

/**
 * The same operations, as long as they really took and in the same graph, under the waiting policies of others: what a
 * tool would take that did nothing but wait its own way. Means over seeded luck.
 */
export const peerWalls = (
  history: readonly ChainEvent[],
  waitsIn: (visit: Visit) => readonly Wait[],
  seed: string,
): Readonly<Record<string, PeerWall>> =>
  Object.fromEntries(
    Object.entries(policies).map(([key, policy]) => {
      const random = seededRandom(`${seed} ${key}`);
      let millis = 0;
      let looks = 0;
      const noticed = ({ fromMillis, toMillis }: Wait): number => {
        const found = policy.notices((toMillis - fromMillis) / 1000, random);
        looks += found.looks;
        return found.seconds * 1000;
      };
      for (let one = 0; one < TRIES; one++) {
        millis += policy.begins(random) * 1000;
        millis += longestChain(history, (visit) => waitsIn(visit).reduce((sum, wait) => sum + noticed(wait), 0));
      }
      return [key, { wallMillis: millis / TRIES, looks: looks / TRIES }];
    }),
  );
