import type { Deployment } from '../domain/deployment/deployment.ts';
import { executionName, restName } from '../domain/deployment/execution-name.ts';
import type { Release } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { releaseKey } from './step-context.ts';

export type StartPorts = Pick<Ports, 'machines' | 'documents'>;

/** What every way to start an execution of the deployment machine is told. */
export interface Holder {
  readonly deployment: Deployment;
  readonly fence: number;
}

/** How often a deployment is brought to rest, a minute apart, before its execution needs a person to look at it. */
const MOST_RESTS = 99;

/**
 * Starts the holder's execution, named after deployment and fence, so that anyone may call it again. An execution of
 * that name that has ended without a word gets another one, which brings the deployment to rest.
 */
export const startExecution = async (ports: StartPorts, holder: Holder): Promise<void> => {
  const started = await start(ports, holder, executionName(holder.deployment.id, holder.fence), false);
  if (started.kind === 'started') return;
  const standing = await standingOf(ports, holder, started.arn);
  if (standing !== 'runs') await startAtRest(ports, holder, standing.nextRest);
};

/** Whether an execution of the holder runs; if none does, the name of the one that is to bring it to rest. */
export const standingOf = async (
  { machines }: Pick<Ports, 'machines'>,
  { deployment, fence }: Holder,
  executionArn: string,
): Promise<'runs' | { readonly nextRest: string }> => {
  if ((await machines.find(executionArn))?.status === 'RUNNING') return 'runs';
  for (let round = 1; round <= MOST_RESTS; round++) {
    const nextRest = restName(deployment.id, fence, round);
    const found = await machines.find(executionArn.replace(/[^:]+$/, nextRest));
    if (!found) return { nextRest };
    if (found.status === 'RUNNING') return 'runs';
  }
  throw new Error(
    `${MOST_RESTS} executions could not bring ${deployment.id} (fence ${fence}) to rest. It holds ${deployment.stackName} until the cause is gone: read the history of ${executionArn} and those named after it`,
  );
};

/** An execution that ended without settling is followed by one that runs only the end of the graph. True when this call started it. */
export const startAtRest = async (ports: StartPorts, holder: Holder, name: string): Promise<boolean> =>
  (await start(ports, holder, name, true)).kind === 'started';

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
    cancelUpdates: deployment.cancelUpdates ?? false,
  });
};
