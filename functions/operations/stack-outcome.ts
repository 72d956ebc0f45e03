import type { Callback, Outcome } from '../domain/callback.ts';
import type { Reason } from '../domain/reason.ts';
import type { ClusterPorts, Ports, StackOperation } from '../ports.ts';
import { serviceTrouble } from './service-trouble.ts';

/**
 * How an operation on a stack ended that carries the callback's token; undefined while it goes on. It is looked for by the
 * stack's name, then by the id that an event told: of a stack that somebody deleted, or deleted and made anew, the name
 * knows nothing any more.
 */
export const stackOutcome = async (
  ports: Pick<Ports, 'clock'>,
  callback: Callback,
  { stacks, tasks }: Pick<ClusterPorts, 'stacks' | 'tasks'>,
  stackId?: string,
): Promise<Outcome | undefined> => {
  const { stackName, token } = callback;
  const named = await stacks.operation(stackName, token);
  const operation = named.kind === 'unknown' && stackId ? await stacks.operation(stackId, token) : named;
  switch (operation.kind) {
    case 'running':
      return undefined;
    case 'ended':
      return endedOutcome(callback, operation, await troubleOf({ tasks }, callback, operation));
    case 'unknown':
      return isOverdue(ports, callback) ? lost(callback, (await stacks.find(stackName)) !== undefined) : undefined;
  }
};

/** CloudFormation shows the first event of an operation within seconds; what has none by now is not going to get one. */
const OVERDUE_AFTER_MILLIS = 5 * 60_000;

/** Called long ago, and nobody knows of it: the event of its end was lost together with the stack. */
const isOverdue = ({ clock }: Pick<Ports, 'clock'>, { status, touchedAt }: Callback): boolean =>
  status === 'CALLED' && clock.now().getTime() - Date.parse(touchedAt) > OVERDUE_AFTER_MILLIS;

const lost = (callback: Callback, exists: boolean): Outcome => {
  const { stackName, step } = callback;
  const message = exists
    ? `Another stack of the name ${stackName} stands where ${step} had called for an operation: somebody deleted the stack and made it anew`
    : `Stack ${stackName} is gone: somebody deleted it while ${step} waited for its operation`;
  return deleted(callback, message);
};

type Ended = Extract<StackOperation, { readonly kind: 'ended' }>;

const troubleOf = async (aws: Pick<ClusterPorts, 'tasks'>, callback: Callback, { succeeded, failures }: Ended) => {
  const [first] = failures;
  return first && !succeeded ? serviceTrouble(aws, callback, first) : undefined;
};

const endedOutcome = (callback: Callback, operation: Ended, trouble: string | undefined): Outcome => {
  const { status, succeeded, rolledBack, gone } = operation;
  const { stackName } = callback;
  if (succeeded && rolledBack) return rollbackContinued(callback);
  if (succeeded) return { ok: true, output: { status, ...newStack(callback) } };
  const [first] = operation.failures;
  const at = first ? `${first.logicalId} (${first.type}): ${first.reason}` : 'CloudFormation named no resource';
  if (gone) return deleted(callback, `Stack ${stackName} ended ${status}: ${first?.reason ?? at}`);
  return failed(callback, {
    code: 'StackFailed',
    message: `Stack ${stackName} ended ${status}: ${at}${trouble ? `; ${trouble}` : ''}`,
    left: rolledBack ? 'CloudFormation has rolled the stack back to what ran before' : `The stack stands at ${status}`,
    remedy: rolledBack
      ? 'Correct what the resource complains about and push again'
      : `Finish what CloudFormation could not (ContinueUpdateRollback, skipping what cannot be rolled back), then run slipway resume ${stackName}`,
  });
};

const deleted = (callback: Callback, message: string): Outcome =>
  failed(callback, {
    code: 'StackFailed',
    message,
    left: 'The stack is gone, with everything in it that its template does not retain',
    remedy: 'Find out who deleted it; a new push makes it anew',
  });

/** Where the stack stands is known again; the step is tried once more for what it has to do there. */
const rollbackContinued = (callback: Callback): Outcome => {
  const message = `The rollback of stack ${callback.stackName}, which had failed, was continued and has ended well`;
  return failed(callback, {
    code: 'RollbackContinued',
    message,
    left: 'The stack is as it was before the update that failed; services that were scaled down still are',
    remedy: 'None as long as the deployment goes on: WayBack decides next whether the services may come back',
  });
};

const failed = ({ step }: Callback, reason: Reason): Outcome => ({
  ok: false,
  error: reason.code,
  cause: reason.message,
  reason: { ...reason, step },
});

/** What the deployment runs as on the stack that was only just made. */
const newStack = ({ waitsFor }: Callback) =>
  waitsFor.kind === 'stack-operation' && waitsFor.strategy ? { strategy: waitsFor.strategy } : {};
