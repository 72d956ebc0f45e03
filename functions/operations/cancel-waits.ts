import type { Callback } from '../domain/callback.ts';
import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Ports } from '../ports.ts';
import { callbacksOf } from './callbacks-of.ts';
import { cancelledBy } from './step-context.ts';

/**
 * Fails the task tokens that a cancelled deployment waits on, so that its own states bring it to rest. The callbacks
 * stay open: what they stand for goes on outside, and Rest stops it. A callback that is only INTENDED is left to the
 * function that is at its call and looks itself; failed now, the deployment could end before that call is made.
 * True when somebody waited.
 */
export const cancelWaits = async (
  ports: Pick<Ports, 'callbacks' | 'hash' | 'machines'>,
  deployment: Deployment,
): Promise<boolean> => {
  const { name, message } = cancelledBy(deployment);
  let waited = false;
  for (const { taskToken } of (await callbacksOf(ports, deployment)).filter(isCancellable))
    waited = (await ports.machines.fail(taskToken, name, message)) || waited;
  return waited;
};

/** Steps that bring a deployment to its end go on when it is cancelled. */
const ENDING = ['Rest', 'WayBack'];

const isCancellable = ({ status, step }: Callback): boolean => status === 'CALLED' && !ENDING.includes(step);
