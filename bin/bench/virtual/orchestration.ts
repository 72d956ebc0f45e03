import { dollarsOf, type Units } from '../../costs/prices.ts';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { peerFigures } from './peer-figures.ts';
import { canSeeQuiet } from './quiet.ts';
import type { Sample } from './sample.ts';
import { slope } from './slope.ts';
import { tellAll } from './stories.ts';
import { plainChapters } from './story.ts';

const SEEDS = ['1', '2', '3'] as const;
const STRETCH = 10;

export interface Orchestration {
  readonly figures: readonly Figure[];
  /** Seconds that each state of a mode took beyond AWS's own work in it, the longest first. */
  readonly overheads: readonly (readonly [
    mode: string,
    states: readonly (readonly [state: string, seconds: number])[],
  ])[];
  /** What a deployment of each mode used, as `npm run docs` makes the table of costs of it. */
  readonly units: Readonly<Record<string, Units>>;
}

/** What orchestration costs on top of AWS's own work, by virtual time, and what others would make of the same work. */
export const measureOrchestration = async (directory: string): Promise<Orchestration> => {
  if (!canSeeQuiet()) return { figures: [NOT_MEASURED], overheads: [], units: {} };
  const [longer = [], rough = [], ...told] = await tellAll(directory, [
    { seed: '1', stretch: STRETCH, isCold: false },
    { seed: '1', stretch: 1, isCold: true, only: ROUGH },
    ...SEEDS.map((seed) => ({ seed, stretch: 1, isCold: false })),
  ]);
  const all = told.flat();
  return {
    figures: [
      ...plainChapters.flatMap((name) => modeFigures(name, named(all, name), named(longer, name))),
      ...peerFigures(named(all, 'NOP'), named(all, 'DOWNTIME')),
      ...otherFigures(all),
      ...roughFigures(rough),
    ],
    overheads: ['NOP', 'DOWNTIME'].map((name) => [name, medianOverheads(named(all, name))]),
    units: Object.fromEntries((told[0] ?? []).map(({ name, units }) => [name, rounded(units)])),
  };
};

/** Dollars. */
const COSTS_AT_MOST: Readonly<Record<string, number>> = { NOP: 0.6, DOWNTIME: 1 };

const ROUGH = ['first release', 'NOP', 'DOWNTIME', 'events lost', 'function killed'];

const NOT_MEASURED: Figure = {
  what: 'wall / critical path',
  value: undefined,
  unit: 'ratio',
  limit: 1.01,
  note: 'only Linux tells when nothing computes',
};

const named = (samples: readonly Sample[], name: string) => samples.filter((sample) => sample.name === name);

const ratio = ({ wallMillis, criticalMillis }: Sample): number => wallMillis / criticalMillis;

/** The samples of one mode under each seed; then the one of the first seed with operations that take longer. */
const modeFigures = (name: string, samples: readonly Sample[], longer: readonly Sample[]): readonly Figure[] => {
  const [first] = samples;
  const [stretched] = longer;
  if (!first || !stretched) throw new Error(`There is no sample of ${name}`);
  const middle = {
    wall: median(samples.map((one) => one.wallMillis)),
    needed: median(samples.map((one) => one.criticalMillis)),
  };
  const grows = (count: (sample: Sample) => number): number =>
    slope(point(first, count(first)), point(stretched, count(stretched)));
  const most = (count: (sample: Sample) => number) => Math.max(...samples.map(count));
  return [
    {
      what: `${name}: wall / critical path, median of ${SEEDS.length}`,
      value: median(samples.map(ratio)),
      unit: 'ratio',
      limit: 1.01,
      note: `${seconds(middle.wall)} over ${seconds(middle.needed)}`,
    },
    { what: `${name}: wall / critical path, worst of ${SEEDS.length}`, value: most(ratio), unit: 'ratio', limit: 1.02 },
    { what: `${name}: transitions`, value: most(({ transitions }) => transitions), unit: '', limit: 24 },
    { what: `${name}: history events`, value: most(({ events }) => events), unit: '', limit: 150 },
    {
      what: `${name}: transitions for 1,000 s more`,
      value: grows(({ transitions }) => transitions),
      unit: '',
      limit: 0,
      note: `the same with operations ${STRETCH} times as long`,
    },
    { what: `${name}: history events for 1,000 s more`, value: grows(({ events }) => events), unit: '', limit: 0 },
    { what: `${name}: AWS calls that change something`, value: most(({ calls }) => calls.mutations), unit: '' },
    {
      what: `${name}: AWS calls that read, for each wait`,
      value: most(({ calls, waits }) => calls.reads / waits),
      unit: '',
      limit: 2,
      note: `${first.calls.reads} for ${first.waits} change sets, stack operations and tasks; ${first.calls.looks} only look whether a change set is ready`,
    },
    {
      what: `${name}: AWS calls that read, for 1,000 s more`,
      value: grows(({ calls }) => calls.reads),
      unit: '',
      note: `sweeps apart: ${Math.round(grows(({ calls }) => calls.sweeps))} calls for 1,000 s more`,
    },
    {
      what: `${name}: calls of Slipway's own tables, documents and machine`,
      value: most(({ calls }) => calls.own),
      unit: '',
    },
  ];
};

/** To a hundredth: what lies beyond is the last digit of a latency. */
const rounded = (units: Units): Units =>
  Object.fromEntries(Object.entries(units).map(([unit, count]) => [unit, Math.round(count * 100) / 100])) as Units;

const medianOverheads = (samples: readonly Sample[]): Orchestration['overheads'][number][1] =>
  Object.keys(samples[0]?.overheads ?? {})
    .map((state) => [state, median(samples.map(({ overheads }) => overheads[state] ?? 0)) / 1000] as const)
    .sort(([, a], [, b]) => b - a);

const point = ({ wallMillis }: Sample, count: number) => ({ seconds: wallMillis / 1000, count });

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`;

const otherFigures = (all: readonly Sample[]): readonly Figure[] => {
  const outages = all.flatMap(({ outage }) => (outage ? [outage] : []));
  return [
    {
      what: 'push to the first CloudFormation call, median',
      value: median(all.map(({ pushToCloudFormationMillis }) => pushToCloudFormationMillis)),
      unit: 'ms',
      limit: 400,
    },
    {
      what: 'push to the first CloudFormation call, worst',
      value: Math.max(...all.map(({ pushToCloudFormationMillis }) => pushToCloudFormationMillis)),
      unit: 'ms',
      limit: 1000,
    },
    {
      what: 'DOWNTIME: outage / minimal outage, worst',
      value: Math.max(...outages.map(({ millis, minimalMillis }) => millis / minimalMillis)),
      unit: 'ratio',
      limit: 1.02,
      note: `${seconds(median(outages.map(({ millis }) => millis)))} from the end of ScaleDown to the beginning of ScaleUp`,
    },
    ...plainChapters.map((name) => ({
      what: `${name}: 1,000 deployments at list prices`,
      value: median(named(all, name).map(({ units }) => dollarsOf(units) * 1000)),
      unit: '$' as const,
      ...(name in COSTS_AT_MOST && { limit: COSTS_AT_MOST[name] }),
      note: 'requests included; computing takes no time here',
    })),
  ];
};

const roughFigures = (samples: readonly Sample[]): readonly Figure[] => [
  ...['NOP', 'DOWNTIME'].map((name) => ({
    what: `${name}: wall / critical path, every function cold once`,
    value: Math.max(...named(samples, name).map(ratio)),
    unit: 'ratio' as const,
    limit: 1.02,
  })),
  {
    what: 'all events of a NOP lost: longest from an end to its being noticed',
    value: Math.max(...named(samples, 'events lost').map(({ lagMillis }) => lagMillis)) / 1000,
    unit: 's',
    limit: 90,
    note: 'one deployment; the sweeper looks once a minute',
  },
  {
    what: 'VersionMigrate dies before it answers: until it is at work again',
    value: Math.max(...named(samples, 'function killed').map(({ againMillis }) => againMillis)) / 1000,
    unit: 's',
    limit: 90,
  },
];
