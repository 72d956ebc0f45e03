import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Stack } from '../domain/stack/stack.ts';
import type { Ports, Written } from '../ports.ts';

/** Appends an accepted deployment to the queue of its stack; the stack is there from its first deployment on. */
export const enqueue = async (
  { stacks, configuration }: Pick<Ports, 'stacks' | 'configuration'>,
  deployment: Deployment,
): Promise<Written<Stack>> => {
  const environment = await configuration.findEnvironment(deployment.environment);
  const { source } = deployment;
  const entry = {
    deploymentId: deployment.id,
    kind: 'full',
    acceptedAt: deployment.createdAt,
    ...(source.ref && { ref: source.ref }),
  } as const;
  return stacks.apply(
    deployment.stackName,
    { type: 'Triggered', entry, fixForward: environment?.fixForward ?? false },
    { environment: deployment.environment, application: deployment.application },
  );
};
