import { instantOf } from '../choice/timestamp.ts';
import { viewOf } from '../context-object.ts';
import { chosenInput, chosenOutput, secondsAt } from '../data/flow.ts';
import { mustLook, type View } from '../data/template.ts';
import type { WaitState } from '../definition.ts';
import { runtime } from '../failure.ts';
import type { Frame, Run } from '../run.ts';
import { exit } from '../transitions.ts';

/** 24855 days, the longest that a signed 32-bit number of seconds can say; AWS refuses more. */
const LONGEST_WAIT_MILLIS = 2 ** 31 * 1000;

export const beginWait = (run: Run, frame: Frame, state: WaitState): void => {
  const view = viewOf(run, frame, frame.visit.input);
  const dueMillis = dueOf(run, state, viewOf(run, frame, chosenInput(state, view)));
  if (dueMillis - run.now > LONGEST_WAIT_MILLIS) throw runtime('Wait state delay is too long.');
  if (dueMillis > run.now) frame.visit.waiting = { kind: 'delay', dueMillis };
  else endWait(run, frame, state);
};

export const endWait = (run: Run, frame: Frame, state: WaitState): void => {
  const view = viewOf(run, frame, frame.visit.input);
  exit(run, frame, chosenOutput(state, chosenInput(state, view), view));
};

const dueOf = (run: Run, state: WaitState, view: View): number => {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  if (SecondsPath !== undefined) return run.now + secondsAt(SecondsPath, 'SecondsPath', view) * 1000;
  if (Timestamp !== undefined) return instantOf(Timestamp) ?? run.now;
  if (TimestampPath !== undefined) return timestampAt(TimestampPath, view);
  return run.now + (Seconds ?? 0) * 1000;
};

const timestampAt = (path: string, view: View): number => {
  const value = mustLook(path, view);
  const instant = instantOf(value);
  if (instant !== undefined) return instant;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const wanted = 'a valid ISO-8601 extended offset date-time format string';
  throw runtime(`The TimestampPath parameter does not reference ${wanted}: ${path} == ${shown}`);
};
