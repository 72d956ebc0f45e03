import type { Deployment } from '../domain/deployment/deployment.ts';
import { namesDeployment, type Stack } from '../domain/stack/stack.ts';
import type { Ports, Written } from '../ports.ts';

export type EnqueuePorts = Pick<Ports, 'stacks' | 'deployments' | 'configuration'>;

/** Each round means that somebody else moved the stack meanwhile. */
const MOST_ROUNDS = 100;

/**
 * Appends an accepted deployment to the queue of its stack, once: stack, then record are read, and the entry is written
 * on the revision that was read, only if the record is QUEUED and the stack names it nowhere. Anyone may repeat it.
 */
export const enqueue = async (ports: EnqueuePorts, { id, stackName }: Deployment): Promise<Written<Stack>> => {
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const stack = await ports.stacks.find(stackName);
    const deployment = await ports.deployments.find(id);
    if (!deployment) throw new Error(`Deployment ${id} has no record to enqueue`);
    if (stack && (deployment.status !== 'QUEUED' || namesDeployment(stack, id)))
      return { kind: 'repeated', record: stack };
    const written = await append(ports, deployment, stack?.revision ?? 0);
    if (written.kind !== 'refused' || written.code !== 'MovedOn') return written;
  }
  throw new Error(`Stack ${stackName} kept moving while ${id} was to join its queue`);
};

const append = async ({ stacks, configuration }: EnqueuePorts, deployment: Deployment, revision: number) => {
  const { id, environment, application, source, stackName, createdAt } = deployment;
  const configured = await configuration.findEnvironment(environment);
  const entry = {
    deploymentId: id,
    kind: 'full',
    acceptedAt: createdAt,
    ...(source.ref && { ref: source.ref }),
  } as const;
  return stacks.apply(
    stackName,
    {
      type: 'Triggered',
      entry,
      fixForward: configured?.fixForward ?? false,
      revision,
    },
    { environment, application },
  );
};
