import { expectLawful } from '../support/stack-history.ts';
import type { Operation } from './kill-functions.ts';
import type { KillRoute } from './kill-routes.ts';
import type { EventStrike } from './kill-stage.ts';
import { type Disturbance, type Played, play, SWEEP_MILLIS } from './kill-world.ts';
import { type CallFate, onlyAsks, type PortCall } from './struck-ports.ts';

/** One thing that goes wrong at one place of a route. */
export interface Cell {
  /** In words, the same in every run. */
  readonly name: string;
  readonly disturbance: Disturbance;
}

/** Every cell of a route, from what an undisturbed run of it has called and heard. */
export const cellsOf = ({ calls, events }: Pick<Played, 'calls' | 'events'>): readonly Cell[] => [
  ...calls.flatMap((call, at) => {
    const { word, port, method } = call;
    const nth = calls.slice(0, at).filter((earlier) => earlier.word === word).length;
    return fatesOf(call, calls[at - 1]).map((fate) => ({
      name: `${word}: ${fate} its call ${nth}, ${port}.${method}`,
      disturbance: { call: { word, nth, fate } },
    }));
  }),
  ...Array.from({ length: events }, (_, event) =>
    EVENT_FATES.map((fate) => ({ name: `event ${event} ${fate}`, disturbance: { event: { event, fate } } })),
  ).flat(),
];

const EVENT_FATES: readonly EventStrike['fate'][] = ['lost', 'doubled', 'late'];

/** An answer to a question is lost with the function alone; and between two questions a second run finds nothing new. */
const fatesOf = (call: PortCall, before: PortCall | undefined): readonly CallFate[] => {
  if (!onlyAsks(call)) return ['before', 'after', 'throttled', 'twice'];
  return before?.invocation === call.invocation ? ['before', 'throttled'] : ['before', 'throttled', 'twice'];
};

/** What a cell did wrong, in words; nothing when the deployment ended as it does undisturbed. */
export const judge = (route: KillRoute, undisturbed: Played, played: Played): readonly string[] => {
  const ends = Object.values(played.ends);
  return [
    ...played.violations,
    ...(played.drained ? [] : ['it never came to an end']),
    ...(ends.length === 2 ? [] : [`${ends.length} of 2 deployments have ended`]),
    ...ends.filter(({ length }) => length !== 1).map((one) => `a deployment has ended ${one.join(', ')}`),
    ...(sameAs(ends.flat(), [route.ends, 'DONE']) ? [] : [`the ends are ${ends.flat().join(', ')}`]),
    ...(sameAs(played.effects, undisturbed.effects) ? [] : [`it began ${played.effects.join(', ')}`]),
    ...(played.millis <= undisturbed.millis + 2 * SWEEP_MILLIS
      ? []
      : [`it took ${played.millis} instead of ${undisturbed.millis} ms`]),
    ...lawlessness(played),
  ];
};

const sameAs = (one: readonly string[], other: readonly string[]) => one.join('\n') === other.join('\n');

const lawlessness = ({ moves }: Played): readonly string[] => {
  try {
    expectLawful(moves);
    return [];
  } catch (error) {
    return [String(error)];
  }
};

/** Whether it would have ended later, or never, without the sweeper, which may be sooner than an event that is late. */
export const neededSweeper = async (
  route: KillRoute,
  operations: ReadonlyMap<string, Operation>,
  { disturbance }: Cell,
  played: Played,
): Promise<boolean> => {
  if (disturbance.event?.fate === 'late') return true;
  const alone = await play(route, operations, { ...disturbance, unswept: true });
  return !alone.drained || alone.millis > played.millis;
};
