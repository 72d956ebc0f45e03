import type { World } from '../../part.ts';
import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import type { Json } from '../data/json.ts';
import type { Engine } from '../engine.ts';
import type { Callback, Invocation } from '../execution.ts';
import { DATA_LIMIT_BYTES, StateFailure } from '../failure.ts';
import { type Frame, frames, type Run } from '../run.ts';
import { taskFailed, taskSucceeded } from '../states/task.ts';
import { taskAt } from '../task-outcome.ts';
import { executionArnOf } from '../token.ts';

export const taskOperations = (world: World, engine: Engine): Readonly<Record<string, Operation>> => ({
  SendTaskSuccess: {
    run: ({ taskToken, output }) => {
      const result = checkedOutput(output);
      atToken(engine, taskToken, (run, frame) => taskSucceeded(run, frame, taskAt(run, frame), result));
      return {};
    },
  },
  SendTaskFailure: {
    run: ({ taskToken, error, cause }) => {
      const failure = new StateFailure(error, cause);
      atToken(engine, taskToken, (run, frame) => taskFailed(run, frame, taskAt(run, frame), failure));
      return {};
    },
  },
  SendTaskHeartbeat: {
    run: ({ taskToken }) => {
      atToken(engine, taskToken, (_run, _frame, waiting) => {
        if (waiting.heartbeatSeconds === undefined) return;
        waiting.heartbeatMillis = world.clock.now() + waiting.heartbeatSeconds * 1000;
      });
      return {};
    },
  },
});

type AtToken = (run: Run, frame: Frame, waiting: Callback | Invocation) => void;

/** Does something to the task that waits on a token; who comes too late is told so. */
const atToken = (engine: Engine, token: unknown, act: AtToken): void => {
  const arn = typeof token === 'string' ? executionArnOf(token) : undefined;
  if (arn === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  if (!engine.executions.find(arn)) {
    throw new AwsError('TaskDoesNotExist', "Task Does Not Exist: 'The execution of this token does not exist'");
  }
  let isWaiting = false;
  engine.step(arn, (run) => {
    const found = taskOf(run, token);
    if (!found) return;
    isWaiting = true;
    act(run, found.frame, found.waiting);
  });
  if (!isWaiting) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
};

const taskOf = (run: Run, token: unknown): { frame: Frame; waiting: Callback | Invocation } | undefined => {
  for (const frame of frames(run)) {
    const { waiting } = frame.visit;
    if (waiting?.kind !== 'callback' && waiting?.kind !== 'invocation') continue;
    if (waiting.token !== undefined && waiting.token === token) return { frame, waiting };
  }
  return undefined;
};

const checkedOutput = (output: Input): Json => {
  const refused = (why: string) => new AwsError('InvalidOutput', `Invalid Output: '${why}'`);
  if (typeof output !== 'string') throw refused('It is missing.');
  if (Buffer.byteLength(output) > DATA_LIMIT_BYTES) throw refused(`It has more than ${DATA_LIMIT_BYTES} bytes.`);
  try {
    return JSON.parse(output);
  } catch (error) {
    throw refused(String(error));
  }
};
