import type { Move } from '../support/stack-race.ts';
import type { Operation } from './kill-functions.ts';
import type { KillRoute } from './kill-routes.ts';
import { openStage, type Strikes } from './kill-stage.ts';
import { settled } from './schedule.ts';
import type { PortCall } from './struck-ports.ts';

export interface Disturbance extends Strikes {
  /** Nobody sweeps: shows whether the sweeper was needed. */
  readonly unswept?: true;
  /** Every function is run once more when all is over. */
  readonly echoes?: true;
}

export interface Played {
  readonly calls: readonly PortCall[];
  readonly events: number;
  /** The ends that were written, by deployment. */
  readonly ends: Readonly<Record<string, readonly string[]>>;
  readonly moves: readonly Move[];
  /** What was begun outside. */
  readonly effects: readonly string[];
  readonly violations: readonly string[];
  readonly drained: boolean;
  /** Virtual time until both deployments had ended. */
  readonly millis: number;
  readonly repairs: number;
}

export const SWEEP_MILLIS = 60_000;
const MOST_SWEEPS = 30;
/** Far more than happens on the longest route. */
const MOST_TURNS = 2000;

/** Two deployments of one stack, the second behind the first, with one disturbance while the first runs. */
export const play = async (
  route: KillRoute,
  operations: ReadonlyMap<string, Operation>,
  disturbance: Disturbance = {},
): Promise<Played> => {
  const stage = await openStage(route, operations, disturbance);
  const { functions, watch, slipway, clouds, time } = stage;
  void stage.request();
  const drained = await live(stage, disturbance.unswept === true);
  const { millis } = time;
  if (disturbance.echoes) {
    await functions.echo();
    await live(stage, false);
  }
  const open = await slipway.ports.callbacks.listOpen();
  const left = [...slipway.tasks.running(), ...slipway.stacks.underWay().map(() => 'a stack that moves')];
  return {
    calls: functions.calls,
    events: stage.events(),
    ends: watch.ends,
    moves: watch.moves,
    effects: await watch.effects(),
    violations: [
      ...watch.violations,
      ...(drained ? clouds.shutOut() : []),
      ...(drained ? [...left, ...open.map(({ step }) => `${step} is still open`)] : []),
    ],
    drained,
    millis,
    repairs: slipway.counted['SweeperRepairs'] ?? 0,
  };
};

type Stage = Awaited<ReturnType<typeof openStage>>;

/** Lets one thing after the other happen, until nothing is queued, held or open; false when that never comes. */
const live = async (stage: Stage, unswept: boolean): Promise<boolean> => {
  const { time, functions } = stage;
  let nextSweep = (Math.floor(time.millis / SWEEP_MILLIS) + 1) * SWEEP_MILLIS;
  let sweeps = 0;
  for (let turns = 0; turns < MOST_TURNS && sweeps <= MOST_SWEEPS; turns++) {
    await settled();
    if (stage.deliver() || (await stage.approve())) continue;
    if (await stage.isDrained()) return true;
    if (time.nextDue() === Number.POSITIVE_INFINITY && (await stage.resume())) continue;
    const due = Math.min(time.nextDue(), unswept ? Number.POSITIVE_INFINITY : nextSweep);
    if (due === Number.POSITIVE_INFINITY) return false;
    time.passUntil(due);
    if (unswept || due < nextSweep) continue;
    sweeps += 1;
    nextSweep += SWEEP_MILLIS;
    functions.attempt('Sweep', {});
  }
  return false;
};
