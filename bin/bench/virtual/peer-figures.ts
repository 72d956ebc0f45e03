import type { Figure } from '../figure.ts';
import type { Sample } from './sample.ts';
import { policies } from './waiting-policies.ts';

/** What waiting alone costs: by our events, and the same operations under the waiting policies of others. */
export const peerFigures = (nop: readonly Sample[], downtime: readonly Sample[]): readonly Figure[] => [
  ...[nop, downtime].map((samples) => ({
    what: `${samples[0]?.name}, waited for by events, as here`,
    value: mean(samples.map(({ waitedMillis, criticalMillis }) => waitedMillis / criticalMillis)),
    unit: 'ratio' as const,
    limit: 1.01,
    note: 'from what a step waits for to its end; with the calls in between, which those below are not charged',
  })),
  ...Object.entries(policies).flatMap(([key, { who, source }]) =>
    [nop, downtime].map((samples) => ({
      what: `${samples[0]?.name}, waited for like ${who}`,
      value: mean(samples.map(({ peers, criticalMillis }) => (peers[key]?.wallMillis ?? Number.NaN) / criticalMillis)),
      unit: 'ratio' as const,
      note: `${looks(samples, key)} reads for each wait; ${source}`,
    })),
  ),
];

const looks = (samples: readonly Sample[], key: string): string =>
  mean(samples.map(({ peers, waits }) => (peers[key]?.looks ?? Number.NaN) / waits)).toFixed(0);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
