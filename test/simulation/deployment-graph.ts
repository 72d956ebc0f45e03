import { StepFailure } from '../../functions/domain/failure.ts';
import type { Plan } from '../../functions/domain/plan/plan.ts';
import { pgMigrate } from '../../functions/operations/pg-migrate.ts';
import { planKey } from '../../functions/operations/plan-document.ts';
import { rest } from '../../functions/operations/rest.ts';
import { runStep } from '../../functions/operations/run-step.ts';
import { settleDeployment } from '../../functions/operations/settle-deployment.ts';
import { stackCreate } from '../../functions/operations/stack-create.ts';
import { stackWait } from '../../functions/operations/stack-wait.ts';
import type { StepInput, WaitingInput } from '../../functions/operations/step-context.ts';
import { versionMigrate } from '../../functions/operations/version-migrate.ts';
import { wayBack } from '../../functions/operations/way-back.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import { someChange } from '../support/fake-stacks.ts';
import { type MemoryPorts, type MemorySlipway, storeEvaluation } from '../support/memory-slipway.ts';
import { Killed } from './schedule.ts';

/** How the graph gets its work done; each call may be killed, and is then made again as the machine's Retry does. */
export interface Functions {
  answering<T>(execution: FakeExecution, word: string, body: (ports: MemoryPorts) => Promise<T>): Promise<T>;
  waiting(
    execution: FakeExecution,
    word: string,
    body: (ports: MemoryPorts, taskToken: string) => Promise<void>,
  ): Promise<void>;
  /** By the clock. */
  sleep(execution: FakeExecution, millis: number): Promise<void>;
}

/** The way of mode BEFORE without InfraMigrate, and the end of the graph; the steps themselves are the real ones. */
export const runGraph = async (
  slipway: MemorySlipway,
  functions: Functions,
  execution: FakeExecution,
): Promise<'SUCCEEDED' | 'FAILED'> => {
  const {
    startAtRest,
    databases: _databases,
    ...ids
  } = execution.input as StepInput & {
    startAtRest: boolean;
    databases: readonly string[];
  };
  const waiting = (word: string, body: (ports: MemoryPorts, input: WaitingInput) => Promise<void>) =>
    functions.waiting(execution, word, (ports, taskToken) => body(ports, { ...ids, taskToken }));
  const settle = (end: 'DONE' | 'FAILED') =>
    functions.answering(execution, 'SettleDeployment', (ports) => settleDeployment(ports, { ...ids, end }));
  const steps = async () => {
    await waiting('StackWait', (ports, input) => stackWait(ports, { ...input, executionArn: execution.arn }));
    await waiting('StackCreate', stackCreate);
    await functions.answering(execution, 'PGEval', (ports) => evaluated(slipway, ports, ids));
    await waiting('PGMigrate', (ports, input) => pgMigrate(ports, { ...input, database: 'main' }));
    await waiting('VersionMigrate', versionMigrate);
  };
  const toRest = async () => {
    await waiting('Rest', rest);
    await waiting('WayBack', wayBack);
  };
  if (startAtRest) await functions.sleep(execution, 60_000);
  if (!startAtRest && (await wentWell(steps))) {
    await settle('DONE');
    return 'SUCCEEDED';
  }
  await wentWell(toRest);
  await settle('FAILED');
  return 'FAILED';
};

/** Catch: whatever stopped a state. */
const wentWell = (states: () => Promise<void>): Promise<boolean> =>
  states().then(
    () => true,
    () => false,
  );

/** PGEval and EvalJoin in one: what is pending, and a plan that allows what every change set does. */
const evaluated = ({ tasks }: MemorySlipway, ports: MemoryPorts, ids: StepInput) =>
  runStep(ports, ids, 'PGEval', async ({ release }) => {
    await storeEvaluation({ ports, tasks }, ids, Number(release.hash.slice(1)));
    await ports.documents.put(planKey(ids), { mode: 'BEFORE', stack: { changes: [someChange] } } as unknown as Plan);
    return { answer: {} };
  });

/** Names after which the machine tries again, and how often. */
const RETRIES: Readonly<Record<string, number>> = {
  'Runtime.ExitError': 5,
  Interrupted: 5,
  Unavailable: 5,
  Throttled: 5,
  LockTimeout: 3,
  HostGone: 3,
  SidecarUnreachable: 3,
  RollbackContinued: 1,
};

/** Whether a state is tried again, counting as the machine's retriers do. */
export const retrier = () => {
  const tries: Record<string, number> = {};
  return (error: string): boolean => {
    tries[error] = (tries[error] ?? 0) + 1;
    return tries[error] <= (RETRIES[error] ?? 0);
  };
};

/** The name that Step Functions matches. */
export const errorName = (error: unknown): string => {
  if (error instanceof Killed) return 'Runtime.ExitError';
  return error instanceof StepFailure || error instanceof Error ? error.name : String(error);
};
