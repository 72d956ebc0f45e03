import { approvalOutcome } from '../domain/deployment/approval.ts';
import type { Ports } from '../ports.ts';
import { type CompletePorts, completeCallback } from './complete-step.ts';

export type ApprovalAnswer = { readonly kind: 'answered' } | { readonly kind: 'refused'; readonly reason: string };

/**
 * A person signs, or refuses to sign, the plan of a deployment. The signature is over the plan's hash: another plan
 * than the one that waits is refused.
 */
export const approveDeployment = async (
  ports: CompletePorts & Pick<Ports, 'deployments'>,
  request: { readonly deploymentId: string; readonly hash: string; readonly actor: string; readonly granted: boolean },
): Promise<ApprovalAnswer> => {
  const deployment = await ports.deployments.find(request.deploymentId);
  if (!deployment) return { kind: 'refused', reason: `There is no deployment ${request.deploymentId}` };
  if (deployment.cancelledBy)
    return { kind: 'refused', reason: `${deployment.cancelledBy} asked to end deployment ${deployment.id}` };
  const waiting = (await ports.callbacks.listOpenBySubject(`stack:${deployment.stackName}`)).find(
    ({ deploymentId, waitsFor }) => deploymentId === deployment.id && waitsFor.kind === 'approval',
  );
  if (waiting?.waitsFor.kind !== 'approval')
    return { kind: 'refused', reason: `Deployment ${deployment.id} is ${deployment.status} and waits for no approval` };
  if (waiting.waitsFor.planHash !== request.hash)
    return {
      kind: 'refused',
      reason: `The plan that waits has the hash ${waiting.waitsFor.planHash}, not ${request.hash}: read it again`,
    };
  const { actor, granted, hash } = request;
  const noted = await ports.deployments.note(deployment.id, {
    approval: { actor, hash, granted, at: ports.clock.now().toISOString() },
  });
  // The first answer counts: it stands in the record, whoever tells it to the step that waits.
  if (noted.kind === 'refused') return { kind: 'refused', reason: noted.reason };
  await completeCallback(ports, waiting, approvalOutcome(request));
  return { kind: 'answered' };
};
