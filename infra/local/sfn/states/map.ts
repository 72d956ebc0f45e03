import { viewOf } from '../context-object.ts';
import { chosenInput } from '../data/flow.ts';
import { isList, type Json } from '../data/json.ts';
import { mustLook, type View } from '../data/template.ts';
import type { MapState } from '../definition.ts';
import type { Inner } from '../execution.ts';
import { runtime } from '../failure.ts';
import { record } from '../history.ts';
import { beginIterations } from '../iterations.ts';
import { type Frame, nextSerial, type Run } from '../run.ts';

/** The most iterations of an inline Map at once, whatever MaxConcurrency says (AWS: Map state in Inline mode). */
const MOST_AT_ONCE = 40;

export const beginMap = (run: Run, frame: Frame, state: MapState): void => {
  const { scope, visit } = frame;
  const view = viewOf(run, frame, chosenInput(state, viewOf(run, frame, visit.input)));
  const items = itemsOf(state, view);
  const inner: Inner = {
    kind: 'inner',
    scopes: [],
    results: [],
    done: 0,
    length: items.length,
    items,
    begun: 0,
    concurrency: Math.min(concurrencyOf(state, view) || MOST_AT_ONCE, MOST_AT_ONCE),
  };
  scope.last = record(run, 'MapStateStarted', scope.last, { mapStateStartedEventDetails: { length: items.length } });
  visit.waiting = inner;
  beginIterations(run, frame, inner, scope.last);
  if (items.length === 0) visit.waiting = { kind: 'joined', turn: nextSerial(run), results: [] };
};

const itemsOf = ({ ItemsPath = '$' }: MapState, view: View): readonly Json[] => {
  const items = mustLook(ItemsPath, view);
  if (isList(items)) return items;
  throw runtime(`Reference path "${ItemsPath}" must point to array.`);
};

const concurrencyOf = ({ MaxConcurrency = 0, MaxConcurrencyPath }: MapState, view: View): number => {
  if (MaxConcurrencyPath === undefined) return MaxConcurrency;
  const value = mustLook(MaxConcurrencyPath, view);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw runtime(
    `The MaxConcurrencyPath field refers to value "${shown}" which is not a valid integer: ${MaxConcurrencyPath}`,
  );
};
