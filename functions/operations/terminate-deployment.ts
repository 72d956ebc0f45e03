import { type Deployment, isEnded } from '../domain/deployment/deployment.ts';
import type { Ports } from '../ports.ts';
import { cancelWaits } from './cancel-waits.ts';
import { type DispatchPorts, dispatchStack } from './dispatch-stack.ts';
import { withdrawDeployment } from './withdraw-deployment.ts';

export type TerminatePorts = DispatchPorts & Pick<Ports, 'callbacks' | 'hash' | 'events' | 'clock'>;

export type Terminating =
  | { readonly kind: 'unknown'; readonly reason: string }
  /** It has come to an end, now or before: its record says which one, and why. */
  | { readonly kind: 'ended'; readonly deployment: Deployment }
  /** Its own states bring the outside to rest and then end it. */
  | { readonly kind: 'ending'; readonly deployment: Deployment };

/**
 * Ends a deployment on somebody's word. One that is queued leaves the queue, and what runs is left alone; one that has
 * begun is brought to rest by its own states; one that has ended stays as it is. Anyone may repeat it.
 *
 * Who asked is noted first. From then on nothing begins for this deployment, so whatever waits by now is found here, and
 * whoever is at work looks at the note before it waits.
 */
export const terminateDeployment = async (
  ports: TerminatePorts,
  { deploymentId, actor }: { readonly deploymentId: string; readonly actor: string },
): Promise<Terminating> => {
  const cancelledAt = ports.clock.now().toISOString();
  const noted = await ports.deployments.note(deploymentId, { cancelledBy: actor, cancelledAt });
  const deployment = noted.record;
  if (!deployment) return { kind: 'unknown', reason: `There is no deployment ${deploymentId}` };
  if (isEnded(deployment.status)) return { kind: 'ended', deployment };
  await tell(ports, deployment);
  if (deployment.status === 'QUEUED') return withdrawn(ports, deployment);
  await cancelWaits(ports, deployment);
  // Claimed, but not known to have been started: only an execution of its own can settle it.
  if (!deployment.executionArn) await dispatchStack(ports, deployment);
  return { kind: 'ending', deployment };
};

const withdrawn = async (ports: TerminatePorts, deployment: Deployment): Promise<Terminating> => {
  await withdrawDeployment(ports, deployment);
  await dispatchStack(ports, deployment);
  return { kind: 'ended', deployment: (await ports.deployments.find(deployment.id)) ?? deployment };
};

/** Who asked first, and when: a repeated call tells the same, which is written once. */
const tell = async ({ events }: Pick<Ports, 'events'>, deployment: Deployment) => {
  const { id: deploymentId, stackName, cancelledBy: actor = '', cancelledAt: at = '' } = deployment;
  for (const subject of [`deployment/${deploymentId}`, `stack/${stackName}`])
    await events.append({ subject, at, type: 'Cancelled', actor, detail: { deploymentId } });
};
