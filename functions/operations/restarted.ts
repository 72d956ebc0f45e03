import type { Callback, Outcome } from '../domain/callback.ts';
import type { ClusterPorts, Rollout } from '../ports.ts';
import { serviceArns } from './service-arns.ts';

/** Every deployment of the services of a stack that still counts. */
export const rolloutsOf = async (aws: ClusterPorts, stackName: string): Promise<readonly Rollout[]> =>
  aws.tasks.rollouts(await serviceArns(aws, stackName));

/**
 * Whether newer deployments have taken the place of these in every service, and no task of these is short of STOPPED.
 * ECS stops an old task only when a new one is healthy. Undefined while it goes on.
 */
export const restarted = async (
  { step, stackName }: Callback,
  rollouts: readonly string[],
  aws: ClusterPorts,
): Promise<Outcome | undefined> => {
  const standing = await rolloutsOf(aws, stackName);
  const failed = standing.find(({ id, failed: isFailed }) => isFailed && !rollouts.includes(id));
  if (failed) return refused(step, failed);
  if (standing.some(({ id, primary }) => primary && rollouts.includes(id))) return undefined;
  const old = (await Promise.all(rollouts.map((id) => aws.tasks.startedBy(id)))).flat();
  if (!old.every(({ stopped }) => stopped)) return undefined;
  return { ok: true, output: { services: standing.filter(({ primary }) => primary).length } };
};

const refused = (step: string, { serviceArn }: Rollout): Outcome => {
  const message = `The new tasks of ${serviceArn.split('/').at(-1)} do not come up, and ECS has given up on them`;
  const reason = {
    code: 'RestartFailed',
    message,
    step,
    left: 'The old tasks still serve, with the login that they have',
    remedy: 'Look at the log of the tasks that failed, mend what they complain about, then ask for the same again',
  };
  return { ok: false, error: reason.code, cause: message, reason };
};
