import type { Deployment } from '../domain/deployment/deployment.ts';
import { executionName } from '../domain/deployment/execution-name.ts';
import type { Release } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { releaseKey } from './step-context.ts';

export type StartPorts = Pick<Ports, 'machines' | 'documents'>;

/** What both ways to start an execution of the deployment machine are told. */
export interface Holder {
  readonly deployment: Deployment;
  readonly fence: number;
}

/** Name of the second execution, which only runs the end of the graph. */
export const restName = ({ deployment, fence }: Holder): string => `${executionName(deployment.id, fence)}-rest`;

/**
 * Starts the holder's execution, named after deployment and fence, so that anyone may call it again. An execution of
 * that name that has ended without a word gets a second one, which brings the deployment to rest.
 */
export const startExecution = async (ports: StartPorts, holder: Holder): Promise<void> => {
  const started = await start(ports, holder, executionName(holder.deployment.id, holder.fence), false);
  if (started.kind === 'exists') await startAtRest(ports, holder);
};

/** True when it was started by this call. */
export const startAtRest = async (ports: StartPorts, holder: Holder): Promise<boolean> =>
  (await start(ports, holder, restName(holder), true)).kind === 'started';

const start = async (
  { machines, documents }: StartPorts,
  { deployment, fence }: Holder,
  name: string,
  startAtRest: boolean,
) => {
  const release = await documents.find<Release>(releaseKey(deployment.release));
  return machines.start('deployment', name, {
    deploymentId: deployment.id,
    stackName: deployment.stackName,
    fence,
    databases: (release?.databases ?? []).map(({ key }) => key).sort(),
    startAtRest,
  });
};
