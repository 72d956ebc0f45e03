import type { Callback, Outcome } from '../domain/callback.ts';
import type { Step } from '../domain/deployment/deployment.ts';
import { shortReason } from '../domain/reason.ts';
import { shortText } from '../domain/short-text.ts';
import type { Ports } from '../ports.ts';

export type CompletePorts = Pick<Ports, 'callbacks' | 'deployments' | 'machines' | 'clock'>;

/**
 * Ends a waiting step: the outcome is stored first, then the step's record, then the state machine is told; until then
 * the callback stays open, so that the sweeper tells what a crash kept back. Whoever repeats it tells the stored outcome,
 * whatever it came with. True when somebody waited for it.
 */
export const completeCallback = async (
  ports: CompletePorts,
  callback: Callback,
  outcome: Outcome,
): Promise<boolean> => {
  const stored = await ports.callbacks.complete(callback.token, shortOutcome(outcome));
  // Somebody else has been through all of this, for the very task token that waits.
  if (stored.told && stored.taskToken === callback.taskToken) return false;
  const settled = stored.outcome ?? shortOutcome(outcome);
  if (callback.waitsFor.kind !== 'image')
    await ports.deployments.putStep(callback.deploymentId, callback.fence, endedStep(ports, callback, settled));
  // A retry may have brought a new task token between our read and now: at most one of the two still waits.
  const waited: boolean[] = [];
  for (const taskToken of new Set([callback.taskToken, stored.taskToken]))
    waited.push(await tell(ports, taskToken, settled));
  await ports.callbacks.markTold(callback.token);
  return waited.includes(true);
};

/** A container may log what no record takes. */
const shortOutcome = (outcome: Outcome): Outcome =>
  outcome.ok
    ? outcome
    : {
        ...outcome,
        cause: shortText(outcome.cause),
        ...(outcome.reason && { reason: shortReason(outcome.reason) }),
      };

const tell = ({ machines }: Pick<Ports, 'machines'>, taskToken: string, outcome: Outcome): Promise<boolean> =>
  outcome.ok ? machines.succeed(taskToken, outcome.output) : machines.fail(taskToken, outcome.error, outcome.cause);

const endedStep = ({ clock }: CompletePorts, callback: Callback, outcome: Outcome): Step => ({
  name: callback.step,
  status: outcome.ok ? 'DONE' : 'FAILED',
  startedAt: callback.createdAt,
  endedAt: clock.now().toISOString(),
  ...(outcome.ok
    ? { outputs: textOf(outcome.output) }
    : { reason: outcome.reason ?? { code: outcome.error, message: outcome.cause, step: callback.step } }),
});

const textOf = (output: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(output).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
