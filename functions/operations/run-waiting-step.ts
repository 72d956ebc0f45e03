import type { Awaited, Callback, Outcome } from '../domain/callback.ts';
import { StepFailure } from '../domain/failure.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import { completeCallback } from './complete-step.ts';
import { readTruth, type TruthPorts } from './read-truth.ts';
import { reasonOf, stepName } from './run-step.ts';
import {
  type ContextPorts,
  cancelledBy,
  loadStanding,
  loadStep,
  type Standing,
  type StepContext,
  type WaitingInput,
} from './step-context.ts';

export type WaitingPorts = ContextPorts & TruthPorts & Pick<Ports, 'hash' | 'machines'>;

export interface WaitingStep<Context extends Standing = StepContext> {
  /** The plan's word, such as `VersionMigrate`. */
  readonly word: string;
  /** What ends the wait. */
  awaits(context: Context, attempt: number): Awaited | Promise<Awaited>;
  /**
   * Calls out under the outward token. Called again with the same token after a crash, its effect must be the same one.
   * Answers an outcome when there is nothing to wait for.
   */
  call(context: Context, token: string, waitsFor: Awaited): Promise<Outcome | 'called'>;
}

/** A step that brings a deployment to its end, which a cancelled one needs too. */
export interface EndingStep extends WaitingStep {
  readonly load: typeof loadStep;
}

/** How a step begins, and whether it is for a cancelled deployment, too. */
interface Beginning<Context extends Standing> {
  readonly load: (ports: WaitingPorts, input: WaitingInput) => Promise<Context>;
  readonly ends: boolean;
}

/** Outcomes after which the state machine tries again, with an attempt and an outward token of its own. */
const RETRIED = new Set(['LockTimeout', 'HostGone', 'SidecarUnreachable', 'RollbackContinued']);

/**
 * A step that waits: the callback is stored as INTENDED before the call and marked CALLED after it, then the truth is
 * read once, because what was started may have ended already. Nothing here waits.
 */
export const runWaitingStep = (ports: WaitingPorts, input: WaitingInput, step: WaitingStep): Promise<void> =>
  run(ports, input, step, { load: loadStep, ends: false });

/** The same for a step that has no use for the release, and does not wait to have it read. */
export const runStandingStep = (ports: WaitingPorts, input: WaitingInput, step: WaitingStep<Standing>): Promise<void> =>
  run(ports, input, step, { load: loadStanding, ends: false });

export const runEndingStep = (ports: WaitingPorts, input: WaitingInput, step: EndingStep): Promise<void> =>
  run(ports, input, step, { load: step.load, ends: true });

const run = async <Context extends Standing>(
  ports: WaitingPorts,
  input: WaitingInput,
  step: WaitingStep<Context>,
  { load, ends }: Beginning<Context>,
): Promise<void> => {
  const name = stepName(step.word, input.database);
  const context = await load(ports, input);
  const callback = await nextCallback(ports, context, input, step, name);
  if (callback.status === 'COMPLETED') {
    if (callback.outcome) await completeCallback(ports, { ...callback, taskToken: input.taskToken }, callback.outcome);
    return;
  }
  const recorded = await ports.deployments.putStep(input.deploymentId, input.fence, {
    name,
    status: 'ACTIVE',
    startedAt: callback.createdAt,
  });
  if (recorded.cancelledBy && !ends) throw cancelledBy(recorded);
  const outcome = await called(step, { ...context, isFirstCall: callback.tries === 1 }, callback, name);
  if (outcome === 'called') await ports.callbacks.markCalled(callback.token);
  const truth = outcome === 'called' ? await readTruth(ports, callback, context.aws) : outcome;
  if (truth) await completeCallback(ports, callback, truth);
  else if (!ends) await heedCancel(ports, callback);
};

/**
 * Whoever ends a deployment fails what is CALLED by then; what is called later looks here itself, so that none of the two
 * misses the other. The callback stays open for Rest, as what was called goes on.
 */
const heedCancel = async ({ deployments, machines }: WaitingPorts, { deploymentId, taskToken }: Callback) => {
  const deployment = await deployments.find(deploymentId);
  if (!deployment?.cancelledBy) return;
  const { name, message } = cancelledBy(deployment);
  await machines.fail(taskToken, name, message);
};

/** The callback of the newest attempt: a stored outcome is used again, but for one that asked for another attempt. */
const nextCallback = async <Context extends Standing>(
  ports: WaitingPorts,
  context: Context,
  { taskToken, ...input }: WaitingInput,
  step: WaitingStep<Context>,
  name: string,
): Promise<Callback> => {
  for (let attempt = 1; ; attempt++) {
    const token = outwardToken(ports.hash, { ...input, step: name, attempt });
    const now = ports.clock.now().toISOString();
    const standing = await ports.callbacks.intend({
      token,
      taskToken,
      deploymentId: input.deploymentId,
      stackName: input.stackName,
      environment: context.deployment.environment,
      fence: input.fence,
      step: name,
      attempt,
      status: 'INTENDED',
      waitsFor: await step.awaits(context, attempt),
      createdAt: now,
      touchedAt: now,
    });
    const { outcome } = standing;
    if (!outcome || outcome.ok || !RETRIED.has(outcome.error)) return standing;
  }
};

/** An expected failure is an outcome like any other; a fault is thrown, so that the state machine retries the call. */
const called = async <Context extends Standing>(
  step: WaitingStep<Context>,
  context: Context,
  { token, waitsFor }: Callback,
  name: string,
): Promise<Outcome | 'called'> => {
  try {
    return await step.call(context, token, waitsFor);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { ok: false, error: error.reason.code, cause: error.reason.message, reason: reasonOf(name, error) };
  }
};
