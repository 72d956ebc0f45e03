import type { FakeExecution } from '../support/fake-machines.ts';
import type { MemoryPorts, MemorySlipway } from '../support/memory-slipway.ts';
import { errorName, type Functions, retrier } from './deployment-graph.ts';
import { type Crash, crashPlan, type Invocation, Killed, portsOf, type Schedule } from './schedule.ts';

type Body<T> = (ports: MemoryPorts) => Promise<T>;

export interface Lambda {
  /** One run of a function; throws Killed when it is killed. */
  invoke<T>(body: Body<T>): Promise<T>;
  /** An asynchronous run, whatever becomes of it: the sweeper is there. */
  attempt(body: Body<unknown>): void;
  /** Runs again while the state machine would, and then gives up. */
  persist(body: Body<unknown>): Promise<void>;
  /** Kills what has run for longer. */
  timeOut(millis: number): void;
}

/** Functions whose every call of a port waits for its turn, and may be its last. */
export const lambdaOf = (ports: MemoryPorts, turns: Schedule, crashes: readonly Crash[], now: () => number): Lambda => {
  const plan = crashPlan(crashes);
  const invocations = new Set<Invocation>();
  const invoke = async <T>(body: Body<T>): Promise<T> => {
    const invocation: Invocation = { startedAt: now(), slow: turns.random(6) === 0, dead: false };
    invocations.add(invocation);
    try {
      const answer = await body(portsOf(ports, invocation, turns, plan));
      // A function that was killed does not answer, even where its code swallowed what killed it.
      if (invocation.dead) throw new Killed();
      return answer;
    } finally {
      invocations.delete(invocation);
    }
  };
  return {
    invoke,
    attempt: (body) => void invoke(body).catch(() => undefined),
    persist: async (body) => {
      const mayTryAgain = retrier();
      for (;;) {
        try {
          await invoke(body);
          return;
        } catch (error) {
          if (!mayTryAgain(errorName(error))) return;
        }
      }
    },
    timeOut: (millis) => {
      for (const invocation of invocations) if (now() - invocation.startedAt > millis) invocation.dead = true;
    },
  };
};

/** The tasks of an execution, with the machine's retries; one that was stopped waits for ever. */
export const tasksOf = ({ machines }: MemorySlipway, { invoke }: Lambda): Pick<Functions, 'answering' | 'waiting'> => ({
  answering: async (execution, _word, body) => {
    const mayTryAgain = retrier();
    for (;;) {
      await whileRunning(execution);
      try {
        const answer = await invoke(body);
        await whileRunning(execution);
        return answer;
      } catch (error) {
        if (!mayTryAgain(errorName(error))) throw error;
      }
    }
  },
  waiting: async (execution, word, body) => {
    const mayTryAgain = retrier();
    for (;;) {
      await whileRunning(execution);
      const { taskToken, end, forget } = machines.await(execution);
      const failed = invoke((ports) => body(ports, taskToken)).then(
        () => never,
        (error: unknown) => ({ ok: false as const, error: errorName(error), cause: String(error) }),
      );
      const ended = await Promise.race([end, failed]);
      forget();
      await whileRunning(execution);
      if (ended.ok) return;
      if (!mayTryAgain(ended.error)) throw new Error(`${word} failed: ${ended.error}`);
    }
  },
});

const never = new Promise<never>(() => {});

const whileRunning = async ({ status }: FakeExecution): Promise<void> => {
  if (status !== 'RUNNING') await never;
};
