import type { Callback } from '../domain/callback.ts';
import type { Deployment } from '../domain/deployment/deployment.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';

/**
 * Every callback of a deployment's run that may have called out, told or not. They are found by the outward tokens of the
 * recorded steps: a step is recorded before it calls, while the index of open callbacks is a hint and may lag behind it.
 */
export const callbacksOf = async (
  { callbacks, hash }: Pick<Ports, 'callbacks' | 'hash'>,
  { id, fence, steps }: Deployment,
): Promise<readonly Callback[]> => {
  if (fence === undefined) return [];
  const ofStep = async (step: string): Promise<readonly Callback[]> => {
    const found: Callback[] = [];
    for (let attempt = 1; ; attempt++) {
      const callback = await callbacks.find(outwardToken(hash, { deploymentId: id, fence, step, attempt }));
      if (!callback) return found;
      found.push(callback);
    }
  };
  return (await Promise.all(Object.keys(steps).sort().map(ofStep))).flat();
};
