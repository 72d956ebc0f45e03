import type { Timer } from '../clock.ts';
import type { World } from '../part.ts';
import type { RuleRecord, Rules } from './rules.ts';
import { nextRun, scheduleFrom } from './schedule.ts';

/** Runs rules by the clock; what fell due while the cloud was stopped is not made up for. */
export const schedulesOf = (world: World, rules: Rules, run: (rule: RuleRecord, atMillis: number) => void) => {
  const timers = new Map<string, Timer>();

  const arm = (key: string) => {
    timers.get(key)?.cancel();
    timers.delete(key);
    const rule = rules.rules.get(key);
    if (!rule?.isEnabled || rule.scheduleExpression === undefined) return;
    const at = nextRun(scheduleFrom(rule.scheduleExpression), rule.madeAtMillis, world.clock.now());
    if (at === undefined) return;
    const fire = () => {
      run(rule, at);
      arm(key);
    };
    timers.set(key, world.clock.after(at - world.clock.now(), fire));
  };

  return {
    /** Looks at a rule again after it was made, changed or removed. */
    arm,
    start: (): void => {
      for (const { key } of rules.rules.list()) arm(key);
    },
    stop: (): void => {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
};
