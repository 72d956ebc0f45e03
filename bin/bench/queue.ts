import type { Figure } from './figure.ts';
import { type QueueEnd, type QueueStory, runQueues } from './queue/queue-run.ts';

const STACKS = 100;
const PUSHES = 50;

/** Every push runs, although they come three times as fast as they can be deployed. */
const steady: Omit<QueueStory, 'stacks' | 'pushes'> = {
  gapMillis: 30_000,
  deploymentMillis: 90_000,
  supersede: false,
};

/** All pushes come while the first one is deployed. */
const burst: Omit<QueueStory, 'stacks' | 'pushes'> = { gapMillis: 100, deploymentMillis: 90_000, supersede: true };

/** How the queues bear many stacks that are pushed to at once: nothing lost, nothing doubled, nobody passed over. */
export const measureQueue = async ({ stacks = STACKS, pushes = PUSHES } = {}): Promise<readonly Figure[]> => {
  const size = `${stacks} stacks, ${pushes} pushes each`;
  const before = performance.now();
  const all = await runQueues({ ...steady, stacks, pushes });
  const seconds = (performance.now() - before) / 1000;
  const newest = await runQueues({ ...burst, stacks, pushes });
  const ran = newest.started.map((numbers) => numbers.length);
  return [
    { what: 'queue: pushes lost', value: lost(all) + lost(newest), unit: '', limit: 0, note: size },
    { what: 'queue: pushes deployed twice', value: doubled(all) + doubled(newest), unit: '', limit: 0 },
    { what: 'queue: started out of order', value: outOfOrder(all) + outOfOrder(newest), unit: '', limit: 0 },
    {
      what: 'queue: conditional writes refused, per write made',
      value: all.counts.refused / all.counts.writes,
      unit: 'ratio',
      limit: 0.05,
      note: 'a push every 30 s, deployments of 90 s, 5 ms a call',
    },
    {
      what: 'queue: the same in a burst',
      value: newest.counts.refused / newest.counts.writes,
      unit: 'ratio',
      limit: 0.05,
      note: 'ten pushes a second to every stack',
    },
    {
      what: 'queue: unfairness of waiting (1 - Jain index)',
      value: 1 - jain(all.waits.map(mean)),
      unit: 'ratio',
      limit: 0.02,
      note: 'over the mean waits of the stacks',
    },
    {
      what: 'queue: deployments of a burst, superseding',
      value: Math.max(...ran),
      unit: '',
      limit: 2,
      note: `of ${pushes} pushes; the first and the newest`,
    },
    {
      what: 'queue: pushes through the queue per second of this machine',
      value: (stacks * pushes) / seconds,
      unit: '',
    },
  ];
};

const ENDS = new Set(['DONE', 'SUPERSEDED', 'OVERTAKEN']);

const lost = ({ statuses }: QueueEnd): number => statuses.flat().filter((status) => !ENDS.has(status)).length;

const doubled = ({ started }: QueueEnd): number =>
  started.map((numbers) => numbers.length - new Set(numbers).size).reduce((sum, more) => sum + more, 0);

const outOfOrder = ({ started }: QueueEnd): number =>
  started.flatMap((numbers) => numbers.filter((n, place) => n < Math.max(-1, ...numbers.slice(0, place)))).length;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** 1 where all are treated alike, 1/n where one has everything: R. Jain, DEC-TR-301. */
export const jain = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
};
