import { viewOf } from '../context-object.ts';
import { expression } from '../data/template.ts';
import type { FailState } from '../definition.ts';
import { runtime, StateFailure } from '../failure.ts';
import type { Frame, Run } from '../run.ts';

export const beginFail = (run: Run, frame: Frame, state: FailState): never => {
  const text = (path: string, field: string): string => {
    const value = expression(path, field, viewOf(run, frame, frame.visit.input));
    if (typeof value === 'string') return value;
    throw runtime(`The ${field} field refers to ${JSON.stringify(value)} which is not a string: ${path}`);
  };
  const error = state.ErrorPath === undefined ? state.Error : text(state.ErrorPath, 'ErrorPath');
  const cause = state.CausePath === undefined ? state.Cause : text(state.CausePath, 'CausePath');
  throw new StateFailure(error, cause);
};
