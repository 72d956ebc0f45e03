import type { Callback, Outcome } from '../domain/callback.ts';
import type { ClusterPorts, Ports } from '../ports.ts';
import { completeCallback } from './complete-step.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { loadContext, type StepContext, type WaitingInput } from './step-context.ts';

/**
 * Brings the outside to rest before the deployment ends: its tasks are stopped, its update is cancelled where
 * CloudFormation allows it, and both are waited for. Whatever still waits for them is told that it was cancelled.
 */
export const rest = (ports: WaitingPorts, input: WaitingInput): Promise<void> => {
  let open: readonly Callback[] = [];
  return runWaitingStep(ports, input, {
    word: 'Rest',
    load: async (given, ids) => {
      const context = await loadContext(given, ids);
      open = await openCallbacks(ports, context);
      return context;
    },
    awaits: () => ({ kind: 'rest', tokens: open.map(({ token }) => token) }),
    call: async ({ aws }, token) => {
      for (const callback of open) await quieten(aws, callback, token);
      for (const callback of open) await completeCallback(ports, callback, interrupted(callback));
      return 'called';
    },
  });
};

const interrupted = ({ step }: Callback): Outcome => {
  const message = `${step} was still waiting when its deployment was brought to rest`;
  const left = 'What it had begun was stopped or waited for; nobody judged how far it came';
  return { ok: false, error: 'Cancelled', cause: message, reason: { code: 'Interrupted', message, step, left } };
};

const openCallbacks = async ({ callbacks }: Pick<Ports, 'callbacks'>, { input }: StepContext) =>
  (await callbacks.listOpenBySubject(`stack:${input.stackName}`)).filter(
    ({ deploymentId, fence, waitsFor }) =>
      deploymentId === input.deploymentId && fence === input.fence && waitsFor.kind !== 'rest',
  );

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
