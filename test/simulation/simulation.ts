import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import type { Request } from '../../functions/domain/request.ts';
import { acceptDeployment } from '../../functions/operations/accept-deployment.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { dispatchStack } from '../../functions/operations/dispatch-stack.ts';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import type { Fate } from '../support/fake-tasks.ts';
import {
  aRelease,
  type MemoryPorts,
  type MemorySlipway,
  mainBranch,
  memorySlipway,
  repository,
  storeRelease,
} from '../support/memory-slipway.ts';
import { errorName, type Functions, retrier, runGraph } from './deployment-graph.ts';
import { type Observed, observed } from './observed.ts';
import { type Crash, crashPlan, type Invocation, Killed, portsOf, schedule, settled } from './schedule.ts';

export interface Scenario {
  readonly seed: number;
  readonly crashes: readonly Crash[];
  /** Turns at which somebody stops a running execution. */
  readonly aborts: readonly number[];
  /** Turns at which a minute passes although work is under way: functions run into their timeout. */
  readonly minutes: readonly number[];
  /** How the migration task of each release ends, one after the other; then it applies. */
  readonly fates: readonly Fate[];
  /** Releases whose update CloudFormation rolls back. */
  readonly rolledBack: readonly number[];
  readonly fixForward: boolean;
}

export interface Outcome {
  readonly slipway: MemorySlipway;
  readonly observed: Observed;
  readonly violations: readonly string[];
}

const RELEASES = 3;
/** A function that changes things runs at most so long. */
const TIMEOUT_MILLIS = 60_000;
const MOST_QUIET_MINUTES = 60;

/** Three pushes of one branch, each delivered twice, under a schedule with faults; then faults stop and it drains. */
export const simulate = async (scenario: Scenario): Promise<Outcome> => {
  const turns = schedule(scenario.seed);
  const plan = crashPlan(scenario.crashes);
  const fates = [...scenario.fates];
  const invocations = new Set<Invocation>();
  const sleepers: { readonly due: number; readonly wake: () => void }[] = [];
  const inbox: AwsEvent[] = [];
  const watch = observed();

  const slipway = await memorySlipway({
    environment: { fixForward: scenario.fixForward },
    fate: () => fates.shift() ?? 'applies',
    fails: (url) => scenario.rolledBack.some((n) => url === watch.urlOf(n)),
    onEvent: (event) => {
      // A quarter is lost, a quarter comes twice.
      const copies = [0, 1, 1, 2][turns.random(4)] ?? 1;
      for (let copy = 0; copy < copies; copy++) inbox.push(event);
    },
    onStack: watch.onStack,
    onTask: watch.onTask,
    onStart: (execution) => void runExecution(execution),
  });
  const ports = watch.watching(slipway);
  const now = () => slipway.ports.clock.now().getTime();

  const invoke = async <T>(body: (ports: MemoryPorts) => Promise<T>): Promise<T> => {
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

  /** What an execution that was stopped waits for never comes. */
  const whileRunning = async <T>({ status }: FakeExecution, given: () => T): Promise<T> =>
    status === 'RUNNING' ? given() : new Promise<never>(() => {});

  const functions: Functions = {
    answering: async (execution, _word, body) => {
      await whileRunning(execution, () => undefined);
      const mayTryAgain = retrier();
      for (;;) {
        try {
          const answer = await invoke(body);
          return await whileRunning(execution, () => answer);
        } catch (error) {
          await whileRunning(execution, () => undefined);
          if (!mayTryAgain(errorName(error))) throw error;
        }
      }
    },
    waiting: async (execution, word, body) => {
      await whileRunning(execution, () => undefined);
      const mayTryAgain = retrier();
      for (;;) {
        const { taskToken, end, forget } = slipway.machines.await(execution);
        const failed = invoke((given) => body(given, taskToken)).then(
          () => new Promise<never>(() => {}),
          (error: unknown) => ({ ok: false as const, error: errorName(error), cause: String(error) }),
        );
        const ended = await Promise.race([end, failed]);
        forget();
        await whileRunning(execution, () => undefined);
        if (ended.ok) return;
        if (!mayTryAgain(ended.error)) throw new Error(`${word} failed: ${ended.error}`);
      }
    },
    sleep: (_execution, millis) => new Promise((wake) => sleepers.push({ due: now() + millis, wake })),
  };

  const runExecution = async (execution: FakeExecution) => {
    const status = await runGraph(slipway, functions, execution).catch(() => 'FAILED' as const);
    if (execution.status === 'RUNNING') execution.status = status;
    // The rule for executions that ended badly; it may lose its event like any other.
    if (status === 'FAILED' && turns.random(2) === 0) void attempt((given) => sweep(given));
  };

  /** One asynchronous invocation; whatever becomes of it, the sweeper is there. */
  const attempt = (body: (ports: MemoryPorts) => Promise<unknown>) => invoke(body).catch(() => undefined);

  const abort = (execution: FakeExecution) => {
    slipway.machines.abort(execution);
    if (turns.random(2) === 0) void attempt((given) => sweep(given));
  };

  const deliver = async (n: number) => {
    const mayTryAgain = retrier();
    const request: Request = {
      id: `delivery-${n}`,
      kind: 'push',
      repository,
      ref: mainBranch,
      before: '',
      commit: `v${n}`,
      actor: 'alice',
    };
    for (;;) {
      try {
        const accepted = await invoke((given) => acceptDeployment(given, { request, release: `r${n}` }));
        if (accepted.deploymentId) await invoke((given) => dispatchStack(given, { stackName: accepted.stackName }));
        return;
      } catch (error) {
        if (!mayTryAgain(errorName(error))) return;
      }
    }
  };

  const minute = () => {
    slipway.advance(TIMEOUT_MILLIS + 1000);
    for (const invocation of invocations) if (now() - invocation.startedAt > TIMEOUT_MILLIS) invocation.dead = true;
    for (const sleeper of sleepers.splice(0)) {
      if (sleeper.due <= now()) sleeper.wake();
      else sleepers.push(sleeper);
    }
    void attempt((given) => sweep(given));
  };

  const push = (n: number) => {
    slipway.pushed.push(`v${n}`);
    for (let copy = 0; copy < 2; copy++) void deliver(n);
  };

  /** One thing happens; false when nothing can. */
  const happens = (pushes: number[]): boolean => {
    const underWay = [...slipway.stacks.underWay(), ...slipway.tasks.underWay()];
    const quick = turns.waiting(false);
    const choices = quick + underWay.length + inbox.length + (pushes.length > 0 ? 1 : 0);
    if (turns.waiting(true) > 0 && (choices === 0 || turns.random(50) === 0)) {
      turns.next(true);
      return true;
    }
    if (choices === 0) return false;
    const choice = turns.random(choices);
    if (choice < quick) {
      turns.next(false);
      return true;
    }
    const other = choice - quick;
    if (other < underWay.length) underWay[other]?.();
    else if (other - underWay.length < inbox.length) {
      const [event] = inbox.splice(other - underWay.length, 1);
      if (event) void attempt((given) => completeCallback(given, event));
    } else push(pushes.shift() ?? 0);
    return true;
  };

  const chaos = (turn: number) => {
    if (scenario.minutes.includes(turn)) minute();
    if (!scenario.aborts.includes(turn)) return;
    const running = slipway.machines.executions.filter(({ status }) => status === 'RUNNING');
    const victim = running[turns.random(running.length)];
    if (victim) abort(victim);
  };

  for (let n = 1; n <= RELEASES; n++) await storeRelease(slipway.ports, aRelease(n));
  const pushes = Array.from({ length: RELEASES }, (_, index) => index + 1);
  let redelivered = false;
  let quietMinutes = 0;
  for (let turn = 0; ; turn++) {
    chaos(turn);
    const busy = happens(pushes);
    await settled();
    await watch.check(slipway);
    if (busy) continue;
    if (await watch.isDrained(slipway)) {
      if (redelivered) break;
      redelivered = true;
      for (let n = 1; n <= RELEASES; n++) void deliver(n);
      continue;
    }
    if (++quietMinutes > MOST_QUIET_MINUTES) {
      watch.violations.push(`L1: not drained after ${quietMinutes} quiet minutes`);
      break;
    }
    minute();
    const stack = await slipway.ports.stacks.find('prod-shop');
    if (stack?.status === 'BROKEN' && quietMinutes > 5)
      void attempt((given) => resumeStack(given, { stackName: 'prod-shop', actor: 'alice' }));
  }
  await watch.finalCheck(slipway);
  return { slipway, observed: watch, violations: watch.violations };
};
