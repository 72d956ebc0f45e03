import { viewOf } from './context-object.ts';
import { chosenInput } from './data/flow.ts';
import { fill } from './data/template.ts';
import { type MapState, processorOf } from './definition.ts';
import type { Inner } from './execution.ts';
import { record } from './history.ts';
import { type Frame, nextSerial, type Run, stateOf } from './run.ts';

/** Begins as many iterations of a Map as its concurrency leaves room for. */
export const beginIterations = (run: Run, frame: Frame, inner: Inner, previous: number): void => {
  const state = stateOf(run, frame.visit.state);
  if (state.Type !== 'Map') throw new Error(`${frame.visit.state} is no Map`);
  while (inner.begun < inner.length && inner.scopes.length < inner.concurrency) {
    const index = inner.begun;
    inner.begun += 1;
    const last = record(run, 'MapIterationStarted', previous, {
      mapIterationStartedEventDetails: { name: frame.visit.state, index },
    });
    const { StartAt } = processorOf(state);
    const input = itemInput(run, frame, state, inner, index);
    inner.scopes.push({ index, last, position: { kind: 'entering', turn: nextSerial(run), state: StartAt, input } });
  }
};

/** The item itself, or what ItemSelector (once called Parameters) makes of it. */
const itemInput = (run: Run, frame: Frame, state: MapState, { items = [] }: Inner, index: number) => {
  const value = items[index] ?? null;
  const selector = state.ItemSelector ?? state.Parameters;
  if (selector === undefined) return value;
  const { input } = frame.visit;
  const item = { index, value };
  return fill(selector, viewOf(run, frame, chosenInput(state, viewOf(run, frame, input)), { item }));
};
