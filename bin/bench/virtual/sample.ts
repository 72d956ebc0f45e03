import type { Units } from '../../costs/prices.ts';
import { calls as callTable } from './latency-table.ts';
import { longestChain, type Visit } from './longest-chain.ts';
import { peerWalls } from './peer-walls.ts';
import type { RecordedCall, RecordedWait } from './recording.ts';
import { unitsOf } from './units.ts';
import type { Deployed } from './virtual-slipway.ts';
import { type Wait, waitsOf } from './waits.ts';

/** What one deployment came to; plain numbers, in virtual milliseconds. */
export interface Sample {
  /** The mode, or the chapter in which something went wrong. */
  readonly name: string;
  readonly wallMillis: number;
  readonly criticalMillis: number;
  /** The same chain with each step from the beginning of what it waited for to its own end: what waiting alone costs. */
  readonly waitedMillis: number;
  readonly transitions: number;
  readonly events: number;
  /** Waits for AWS on the whole graph: change sets, stack operations, tasks. */
  readonly waits: number;
  /** `looks` are those of the reads that only ask whether a change set is ready. */
  readonly calls: Readonly<Record<'mutations' | 'reads' | 'looks' | 'own' | 'sweeps', number>>;
  readonly pushToCloudFormationMillis: number;
  /** The longest from the end of what a step waited for to the end of the step. */
  readonly lagMillis: number;
  /** The longest from a task that failed to its being at work again; 0 where none failed. */
  readonly againMillis: number;
  /** From the end of ScaleDown to the beginning of ScaleUp, and what AWS needed of it. */
  readonly outage?: { readonly millis: number; readonly minimalMillis: number };
  /** Wall time and looks of the same work under the waiting policies of others, by policy. */
  readonly peers: Readonly<Record<string, { readonly wallMillis: number; readonly looks: number }>>;
  /** What is paid for by use. */
  readonly units: Units;
  /** Milliseconds that each state took beyond AWS's own work in it; branches run side by side. */
  readonly overheads: Readonly<Record<string, number>>;
}

export const sampleFrom = (name: string, deployed: Deployed, seed: string): Sample => {
  const { history, operations, recording } = deployed;
  const waitsIn = (visit: Visit) => waitsOf(visit, operations);
  const outage = outageIn(deployed, waitsIn);
  const recorded = recording.calls.filter(({ word }) => word !== undefined && !BEFORE_THE_CLAIM.has(word));
  return {
    name,
    wallMillis: (history.at(-1)?.timestampMillis ?? Number.NaN) - (history[0]?.timestampMillis ?? Number.NaN),
    criticalMillis: longestChain(history, (visit) => sum(waitsIn(visit).map(neededMillis))),
    waitedMillis: longestChain(history, (visit) => {
      const [first] = waitsIn(visit);
      return first ? visit.toMillis - first.fromMillis : 0;
    }),
    transitions: history.filter(({ type }) => type.endsWith('StateEntered')).length,
    events: history.length,
    waits: operations.filter(({ kind, step }) => kind !== 'service task' && step !== undefined).length,
    calls: countedCalls(recorded),
    pushToCloudFormationMillis: pushToCloudFormation(recording.waits, recording.calls),
    lagMillis: longestLag(deployed, waitsIn),
    againMillis: longestAgain(history),
    ...(outage && { outage }),
    peers: peerWalls(history, waitsIn, seed),
    units: unitsOf(recording),
    overheads: overheadsIn(history, waitsIn),
  };
};

/** Functions of the request: what they do is done once, before there is a deployment. */
const BEFORE_THE_CLAIM: ReadonlySet<string> = new Set([
  'webhook',
  'receive-push',
  'build-release',
  'image-wait',
  'accept-deployment',
]);

const neededMillis = ({ fromMillis, toMillis, calls }: Wait): number =>
  toMillis - fromMillis + calls.count * (callTable[`${calls.service}.call`]?.p50 ?? 0);

const countedCalls = (calls: readonly RecordedCall[]): Sample['calls'] => {
  const counts = { mutations: 0, reads: 0, looks: 0, own: 0, sweeps: 0 };
  for (const { word, service, operation } of calls) {
    if (word === 'sweep') counts.sweeps += 1;
    else if (OWN.has(service)) counts.own += 1;
    else if (/^(Describe|List|Get|Filter)/.test(operation)) counts.reads += 1;
    else counts.mutations += 1;
    if (operation === 'DescribeChangeSet') counts.looks += 1;
  }
  return counts;
};

/** Slipway's own records and documents, its machine, and who it is. */
const OWN: ReadonlySet<string> = new Set(['dynamodb', 's3', 'states', 'sts']);

const pushToCloudFormation = (waits: readonly RecordedWait[], calls: readonly RecordedCall[]): number => {
  const pushed = waits.find(({ operation }) => operation === 'apigateway.call')?.fromMillis ?? Number.NaN;
  const first = calls.find(({ service, word }) => service === 'cloudformation' && word !== 'sweep');
  return (first?.atMillis ?? Number.NaN) - pushed;
};

const longestLag = ({ history }: Deployed, waitsIn: (visit: Visit) => readonly Wait[]): number =>
  Math.max(
    0,
    ...visitsOf(history).flatMap((visit) => {
      const last = waitsIn(visit).at(-1);
      return last ? [visit.toMillis - last.toMillis] : [];
    }),
  );

const longestAgain = (history: Deployed['history']): number =>
  Math.max(
    0,
    ...history
      .filter(({ type }) => type === 'TaskFailed')
      .map(({ id, timestampMillis }) => {
        const next = history.find((event) => event.id > id && /^Task(Submitted|Succeeded)$/.test(event.type));
        return (next?.timestampMillis ?? Number.POSITIVE_INFINITY) - timestampMillis;
      }),
  );

const visitsOf = (history: Deployed['history']): readonly Visit[] => {
  const visits: Visit[] = [];
  longestChain(history, (visit) => {
    visits.push(visit);
    return 0;
  });
  return visits;
};

const outageIn = ({ history }: Deployed, waitsIn: (visit: Visit) => readonly Wait[]): Sample['outage'] => {
  const visits = new Map(visitsOf(history).map((visit) => [visit.state.split('-')[0] ?? '', visit]));
  const [down, infra, migrate, up] = ['ScaleDown', 'InfraMigrate', 'PGMigrate', 'ScaleUp'].map((one) =>
    visits.get(one),
  );
  if (!(down && infra && migrate && up)) return undefined;
  const needed = [infra, migrate].map((visit) => sum(waitsIn(visit).map(neededMillis)));
  return { millis: up.fromMillis - down.toMillis, minimalMillis: Math.max(...needed) };
};

const overheadsIn = (
  history: Deployed['history'],
  waitsIn: (visit: Visit) => readonly Wait[],
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    visitsOf(history).map((visit) => [
      visit.state,
      visit.toMillis - visit.fromMillis - sum(waitsIn(visit).map(({ fromMillis, toMillis }) => toMillis - fromMillis)),
    ]),
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
