import { type Deployment, isEnded } from '../functions/domain/deployment/deployment.ts';
import type { Ports } from '../functions/ports.ts';
import type { Output } from './output.ts';
import { showOn } from './show.ts';
import { endLines } from './view/end-lines.ts';

const BETWEEN_LOOKS_MILLIS = 500;

/** Shows a deployment step by step until it has ended and let go of its stack; true when it is DONE. */
export const followDeployment = async (
  { deployments, stacks, clock }: Pick<Ports, 'deployments' | 'stacks' | 'clock'>,
  { id, stackName }: Pick<Deployment, 'id' | 'stackName'>,
  output: Output,
): Promise<boolean> => {
  const show = showOn(output);
  for (;;) {
    const deployment = await deployments.find(id);
    if (!deployment) throw new Error(`The record of deployment ${id} is gone`);
    const stack = await stacks.find(stackName);
    if (isEnded(deployment.status) && stack?.current?.deploymentId !== id) {
      show.end({ deployment }, endLines({ deployment, stack, answer: undefined }, output.paint));
      return deployment.status === 'DONE';
    }
    show.update([{ deployment }]);
    await clock.sleep(BETWEEN_LOOKS_MILLIS);
  }
};
