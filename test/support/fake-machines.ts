import type { Machines } from '../../functions/ports.ts';

export interface FakeExecution {
  readonly arn: string;
  readonly machine: 'request' | 'deployment';
  readonly name: string;
  readonly input: object;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  /** When it ended, where somebody asks for that. */
  stoppedAt?: string;
}

/** What came through a task token. */
export type TaskEnd =
  | { readonly ok: true; readonly output: object }
  | { readonly ok: false; readonly error: string; readonly cause: string };

export interface FakeMachines {
  readonly port: Machines;
  readonly executions: readonly FakeExecution[];
  /** A new task token of an execution, and what will come through it. */
  await(execution: FakeExecution): { readonly taskToken: string; readonly end: Promise<TaskEnd>; forget(): void };
  /** From outside: its task tokens are worth nothing from now on. */
  abort(execution: FakeExecution): void;
}

/** Step Functions in memory: a name starts one execution, a task token is good for one answer. `run` is told of each start. */
export const fakeMachines = (run: (execution: FakeExecution) => void = () => {}): FakeMachines => {
  const executions: FakeExecution[] = [];
  const open = new Map<string, { readonly arn: string; readonly resolve: (end: TaskEnd) => void }>();
  let tokens = 0;

  const answer = (taskToken: string, end: TaskEnd): boolean => {
    const waiting = open.get(taskToken);
    open.delete(taskToken);
    waiting?.resolve(end);
    return waiting !== undefined;
  };
  return {
    executions,
    port: {
      start: async (machine, name, input) => {
        const arn = `arn:aws:states:eu-central-1:000000000000:execution:${machine}:${name}`;
        const known = executions.find((execution) => execution.arn === arn);
        const same = known?.status === 'RUNNING' && JSON.stringify(known.input) === JSON.stringify(input);
        if (known) return { kind: same ? 'started' : 'exists', arn };
        const execution: FakeExecution = { arn, machine, name, input, status: 'RUNNING' };
        executions.push(execution);
        run(execution);
        return { kind: 'started', arn };
      },
      find: async (executionArn) => {
        const found = executions.find(({ arn }) => arn === executionArn);
        return found && { status: found.status };
      },
      listFailedRequests: async (since) =>
        executions
          .filter(({ machine, status }) => machine === 'request' && status === 'FAILED')
          .map(({ arn, name, stoppedAt = '' }) => ({ arn, name, stoppedAt }))
          .filter(({ stoppedAt }) => Date.parse(stoppedAt) >= since.getTime())
          .reverse(),
      inputOf: async (executionArn) => executions.find(({ arn }) => arn === executionArn)?.input ?? {},
      succeed: async (taskToken, output) => answer(taskToken, { ok: true, output }),
      fail: async (taskToken, error, cause) => answer(taskToken, { ok: false, error, cause }),
    },
    await: ({ arn }) => {
      const taskToken = `task-token-${++tokens}`;
      const end = new Promise<TaskEnd>((resolve) => open.set(taskToken, { arn, resolve }));
      return { taskToken, end, forget: () => open.delete(taskToken) };
    },
    abort: (execution) => {
      execution.status = 'ABORTED';
      for (const [taskToken, { arn }] of open) if (arn === execution.arn) open.delete(taskToken);
    },
  };
};
