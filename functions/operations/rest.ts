import type { Callback, Outcome } from '../domain/callback.ts';
import { APPROVAL_SECONDS, approvalExpired } from '../domain/deployment/approval.ts';
import type { Deployment } from '../domain/deployment/deployment.ts';
import type { ClusterPorts, Ports } from '../ports.ts';
import { callbacksOf } from './callbacks-of.ts';
import { completeCallback } from './complete-step.ts';
import { runEndingStep, type WaitingPorts } from './run-waiting-step.ts';
import { loadContext, type WaitingInput } from './step-context.ts';

/**
 * Brings the outside to rest before the deployment ends: its tasks are stopped, its update is cancelled where
 * CloudFormation allows it, and both are waited for. Whatever still waits for them is told that it was cancelled.
 * A deployment that had only waited for the stack has nothing outside: it does not wait for what others do.
 */
export const rest = (ports: WaitingPorts, input: WaitingInput): Promise<void> => {
  let unproven: readonly Callback[] = [];
  return runEndingStep(ports, input, {
    word: 'Rest',
    load: async (given, ids) => {
      const context = await loadContext(given, ids);
      unproven = (await everyCallback(ports, context.deployment)).filter(isUnproven);
      return context;
    },
    awaits: () => ({ kind: 'rest', tokens: unproven.map(({ token }) => token) }),
    call: async ({ aws, deployment }, token) => {
      // In this order the end that we bring about is never taken for a failure of the step.
      for (const callback of unproven) await completeCallback(ports, callback, endedBy(ports, callback));
      for (const callback of unproven) await quieten(aws, callback, token);
      return hasActed(deployment) ? 'called' : { ok: true, output: { stack: 'not touched' } };
    },
  });
};

/** Those of steps that died before they were recorded have called nobody, but are open too. */
const everyCallback = async (
  ports: Pick<Ports, 'callbacks' | 'hash'>,
  deployment: Deployment,
): Promise<readonly Callback[]> => {
  const open = await ports.callbacks.listOpenBySubject(`deployment:${deployment.id}`);
  const found = [...open.filter(({ fence }) => fence === deployment.fence), ...(await callbacksOf(ports, deployment))];
  return [...new Map(found.map((callback) => [callback.token, callback])).values()];
};

/** Nobody has seen its end: it is open, or an earlier call of Rest has closed it. */
const isUnproven = ({ waitsFor, told, outcome }: Callback): boolean =>
  waitsFor.kind !== 'rest' && (!told || (outcome?.ok === false && outcome.reason?.code === 'Interrupted'));

const hasActed = ({ steps }: Deployment): boolean =>
  Object.keys(steps).some((name) => name !== 'StackWait' && name !== 'Rest');

/** An approval that nobody gave in time is its own reason; whatever else is still open was interrupted. */
const endedBy = ({ clock }: Pick<Ports, 'clock'>, callback: Callback): Outcome => {
  const seconds = (clock.now().getTime() - Date.parse(callback.createdAt)) / 1000;
  return callback.waitsFor.kind === 'approval' && seconds >= APPROVAL_SECONDS
    ? approvalExpired()
    : interrupted(callback);
};

const interrupted = ({ step }: Callback): Outcome => {
  const message = `${step} was still waiting when its deployment was brought to rest`;
  const left = 'What it had begun was stopped or waited for; nobody judged how far it came';
  return { ok: false, error: 'Cancelled', cause: message, reason: { code: 'Interrupted', message, step, left } };
};

const quieten = async (aws: ClusterPorts, callback: Callback, token: string) => {
  const { waitsFor } = callback;
  if (waitsFor.kind === 'task') {
    for (const task of await aws.tasks.startedBy(callback.token))
      if (!task.stopped) await aws.tasks.stop(task.arn, 'Slipway brings the deployment to rest');
  }
  if (waitsFor.kind === 'stack-operation') {
    const operation = await aws.stacks.operation(callback.stackName, callback.token);
    if (operation.kind === 'running') await aws.stacks.cancelUpdate(callback.stackName, `${token.slice(0, -2)}-c`);
  }
};
