import type { TaskState } from './definition.ts';
import { interrupted, type Returned } from './invocation.ts';
import { type Frame, frames, type Run, stateOf } from './run.ts';
import { functionReturned, taskFailed } from './states/task.ts';

/** What came of a call, brought to the task that waits for it; to none when that task has ended meanwhile. */
export const settleCall = (run: Run, call: number, returned: Returned): void => {
  const frame = frameOfCall(run, call);
  if (!frame) return;
  const state = taskAt(run, frame);
  if ('failure' in returned) taskFailed(run, frame, state, returned.failure);
  else functionReturned(run, frame, state, returned);
};

/** No call outlives the process that made it. */
export const failInterrupted = (run: Run): void => {
  const calls = [...frames(run)].flatMap(({ visit: { waiting } }) =>
    waiting?.kind === 'invocation' ? [waiting.call] : [],
  );
  for (const call of calls) settleCall(run, call, { failure: interrupted() });
};

/** The Task a frame stands in. */
export const taskAt = (run: Run, { visit }: Frame): TaskState => {
  const state = stateOf(run, visit.state);
  if (state.Type !== 'Task') throw new Error(`${visit.state} is a ${state.Type}, not a Task`);
  return state;
};

const frameOfCall = (run: Run, call: number): Frame | undefined => {
  for (const frame of frames(run)) {
    const { waiting } = frame.visit;
    if (waiting?.kind === 'invocation' && waiting.call === call) return frame;
  }
  return undefined;
};
