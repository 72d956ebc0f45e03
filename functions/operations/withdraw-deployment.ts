import type { Deployment } from '../domain/deployment/deployment.ts';
import { endingOf } from '../domain/deployment/ending.ts';
import type { Ports } from '../ports.ts';
import { countEnd } from './count-end.ts';
import { type ReportPorts, report } from './report.ts';

export type WithdrawPorts = ReportPorts & Pick<Ports, 'stacks' | 'deployments'>;

/**
 * Ends a cancelled deployment that has not begun, and cannot begin any more: its record first, then its place in the queue,
 * or the claim that was made for it meanwhile. What runs on the stack is left alone. Anyone may repeat it.
 */
export const withdrawDeployment = async (ports: WithdrawPorts, deployment: Deployment): Promise<void> => {
  const { id: deploymentId, stackName } = deployment;
  const { reason, left } = endingOf(deployment);
  const written = await ports.deployments.apply(deploymentId, { type: 'Terminated', reason });
  countEnd(ports, written);
  if (written.kind === 'moved') await report(ports, written.record);
  const withdrawn = await ports.stacks.apply(stackName, { type: 'Withdrawn', deploymentId });
  const claim = withdrawn.kind === 'refused' && withdrawn.code === 'Running' ? withdrawn.record?.current : undefined;
  if (claim?.deploymentId !== deploymentId) return;
  await ports.stacks.apply(stackName, { type: 'DeploymentTerminated', deploymentId, fence: claim.fence, reason, left });
};
