import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import type { Request } from '../../functions/domain/request.ts';
import { acceptDeployment } from '../../functions/operations/accept-deployment.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import { terminateDeployment } from '../../functions/operations/terminate-deployment.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import type { Fate } from '../support/fake-tasks.ts';
import { aRelease, mainBranch, memorySlipway, repository, storeRelease } from '../support/memory-slipway.ts';
import { runGraph } from './deployment-graph.ts';
import { lambdaOf, tasksOf } from './functions.ts';
import { type Observed, observed } from './observed.ts';
import { type Crash, schedule, settled } from './schedule.ts';

export interface Scenario {
  readonly seed: number;
  readonly crashes: readonly Crash[];
  /** Turns at which somebody stops a running execution. */
  readonly aborts: readonly number[];
  /** Turns at which somebody asks to end a deployment, whatever it is at. */
  readonly terminations: readonly number[];
  /** Turns at which a minute passes although work is under way: functions run into their timeout. */
  readonly minutes: readonly number[];
  /** How migration tasks end, one after the other; then they apply. */
  readonly fates: readonly Fate[];
  /** Releases whose update CloudFormation rolls back. */
  readonly rolledBack: readonly number[];
  readonly fixForward: boolean;
  /** Tasks and stacks come to their end when nobody else can go on, and seldom before. */
  readonly slowClouds: boolean;
}

const STACK = 'prod-shop';
const releases = [1, 2, 3];
/** A function that changes things runs at most so long. */
const TIMEOUT_MILLIS = 60_000;
const MOST_QUIET_MINUTES = 60;
/** A broken stack has shown by then that it does nothing by itself. */
const QUIET_MINUTES_UNTIL_RESUMED = 5;

/** Three pushes of one branch, each delivered twice, under a schedule with faults; then faults stop and it drains. */
export const simulate = async (scenario: Scenario): Promise<Observed> => {
  const stage = await openStage(scenario);
  const { turns, watch, slipway } = stage;
  const pushes = [...releases];
  let redelivered = false;
  let quietMinutes = 0;
  for (let turn = 0; ; turn++) {
    await stage.disturb(turn);
    const busy = stage.happens(pushes);
    await settled();
    await watch.check(slipway);
    if (busy) continue;
    if (!(await watch.isDrained(slipway))) {
      if (++quietMinutes > MOST_QUIET_MINUTES) break;
      stage.minute();
      if (quietMinutes > QUIET_MINUTES_UNTIL_RESUMED) await stage.resume();
    } else if (redelivered) break;
    else {
      redelivered = true;
      for (const n of releases) stage.deliver(n);
    }
  }
  if (turns.waiting(false) + turns.waiting(true) > 0 || quietMinutes > MOST_QUIET_MINUTES)
    watch.violations.push(`L1: not drained after ${quietMinutes} quiet minutes`);
  await watch.finalCheck(slipway);
  return watch;
};

/** Everything that can happen, each as one small event. */
const openStage = async (scenario: Scenario) => {
  const turns = schedule(scenario.seed);
  const watch = observed();
  const fates = [...scenario.fates];
  const inbox: AwsEvent[] = [];
  const sleepers: { readonly due: number; readonly wake: () => void }[] = [];

  const slipway = await memorySlipway({
    environment: { fixForward: scenario.fixForward },
    fate: () => fates.shift() ?? 'applies',
    fails: (url) => scenario.rolledBack.some((n) => url === watch.urlOf(n)),
    // A quarter is lost, a quarter comes twice.
    onEvent: (event) => void inbox.push(...([[], [event], [event], [event, event]][turns.random(4)] ?? [])),
    onStack: watch.onStack,
    onTask: watch.onTask,
    onStart: (execution) => void run(execution),
  });
  for (const n of releases) await storeRelease(slipway.ports, aRelease(n));
  const now = () => slipway.ports.clock.now().getTime();
  const lambda = lambdaOf(watch.watching(slipway), turns, scenario.crashes, now);
  const sleep = (_execution: FakeExecution, millis: number) =>
    new Promise<void>((wake) => sleepers.push({ due: now() + millis, wake }));

  /** The rule for executions that ended badly; its event may get lost like any other. */
  const tellOfBadEnd = () => {
    if (turns.random(2) === 0) lambda.attempt((ports) => sweep(ports));
  };

  const run = async (execution: FakeExecution) => {
    const tasks = { ...tasksOf(slipway, lambda), sleep };
    const status = await runGraph(slipway, tasks, execution).catch(() => 'FAILED' as const);
    if (execution.status === 'RUNNING') execution.status = status;
    if (status === 'FAILED') tellOfBadEnd();
  };

  const deliver = (n: number) => void lambda.persist((ports) => accepted(ports, n));

  const push = (n: number) => {
    slipway.pushed.push(`v${n}`);
    for (let copy = 0; copy < 2; copy++) deliver(n);
  };

  const minute = () => {
    slipway.advance(TIMEOUT_MILLIS + 1000);
    lambda.timeOut(TIMEOUT_MILLIS);
    for (const sleeper of sleepers.splice(0)) {
      if (sleeper.due <= now()) sleeper.wake();
      else sleepers.push(sleeper);
    }
    lambda.attempt((ports) => sweep(ports));
  };

  const abort = () => {
    const running = slipway.machines.executions.filter(({ status }) => status === 'RUNNING');
    const victim = running[turns.random(running.length)];
    if (!victim) return;
    slipway.machines.abort(victim);
    tellOfBadEnd();
  };

  const terminate = async () => {
    const known = await slipway.ports.deployments.listOfStack(STACK, 10);
    const victim = known[turns.random(known.length)];
    if (victim)
      lambda.attempt((ports) =>
        terminateDeployment(ports, { deploymentId: victim.id, actor: `carol-${turns.random(9)}` }),
      );
  };

  const arrive = (event: AwsEvent) => lambda.attempt((ports) => completeCallback(ports, event));

  return {
    turns,
    watch,
    slipway,
    deliver,
    minute,
    /** An operator looks at a broken stack. */
    resume: async () => {
      const stack = await slipway.ports.stacks.find(STACK);
      if (stack?.status === 'BROKEN')
        lambda.attempt((ports) => resumeStack(ports, { stackName: STACK, actor: 'alice' }));
    },
    disturb: async (turn: number) => {
      if (scenario.minutes.includes(turn)) minute();
      if (scenario.aborts.includes(turn)) abort();
      if (scenario.terminations.includes(turn)) await terminate();
    },
    /** One thing happens; false when nothing can. Who is slow goes on when nothing else can, and seldom before. */
    happens: (pushes: number[]): boolean => {
      const choices: (() => void)[] = [];
      for (const event of inbox) choices.push(() => arrive(...(inbox.splice(inbox.indexOf(event), 1) as [AwsEvent])));
      if (pushes.length > 0) choices.push(() => push(pushes.shift() ?? 0));
      const quick = turns.waiting(false);
      const others = quick + turns.waiting(true) + choices.length;
      if (!scenario.slowClouds || others === 0 || turns.random(50) === 0)
        choices.push(...slipway.stacks.underWay(), ...slipway.tasks.underWay());
      const most = quick + choices.length;
      if (turns.waiting(true) > 0 && (most === 0 || turns.random(50) === 0)) turns.next(true);
      else if (most === 0) return false;
      else {
        const choice = turns.random(most);
        if (choice < quick) turns.next(false);
        else choices[choice - quick]?.();
      }
      return true;
    },
  };
};

/** What the request machine does with one delivery. */
const accepted = async (ports: Parameters<typeof acceptDeployment>[0], n: number): Promise<void> => {
  const ids = { id: `delivery-${n}`, ref: mainBranch, before: '', commit: `v${n}`, actor: 'alice' };
  const request: Request = { kind: 'push', repository, ...ids };
  await acceptDeployment(ports, { request, target: { environment: 'prod' }, release: `r${n}`, application: 'shop' });
};
