import type { Callback } from '../domain/callback.ts';
import type { Draft } from '../domain/draft.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Request } from '../domain/request.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import { type CompletePorts, completeCallback } from './complete-step.ts';
import {
  digestsOf,
  imagesMissing,
  LONGEST_IMAGE_WAIT_MILLIS,
  missingIn,
  type PinPorts,
  pinnedImages,
} from './pin-images.ts';

export type ImageWaitPorts = PinPorts & CompletePorts & Pick<Ports, 'configuration' | 'inCluster'>;

export interface ImageWaitInput {
  readonly request: Request;
  readonly draft: string;
  readonly taskToken: string;
  /** ARN of the request's execution. */
  readonly execution: string;
  /** When the request began; a foreign registry is looked at for an hour at most. */
  readonly startedAt: string;
}

/**
 * Waits until every image of the release exists; its digest becomes part of the release. A registry that sends events
 * ends the wait by one, another is looked at again by the state machine.
 */
export const imageWait = async (ports: ImageWaitPorts, input: ImageWaitInput): Promise<void> => {
  const draft = await ports.documents.find<Draft>(input.draft);
  const environment = draft && (await ports.configuration.findEnvironment(draft.environment));
  const cluster = environment && (await ports.configuration.findCluster(environment.clusterName));
  if (!draft || !cluster) throw new Error(`Draft ${input.draft} or its environment is gone`);
  const { images } = ports.inCluster(cluster);
  const token = outwardToken(ports.hash, waitOf(input));
  const now = ports.clock.now().toISOString();
  const callback = await ports.callbacks.intend({
    token,
    taskToken: input.taskToken,
    deploymentId: input.request.id,
    stackName: `${draft.environment}-${draft.application}`,
    environment: draft.environment,
    fence: 0,
    step: 'ImageWait',
    attempt: 1,
    status: 'INTENDED',
    waitsFor: { kind: 'image', images: draft.built.images, draft: input.draft },
    createdAt: now,
    touchedAt: now,
  });
  await ports.callbacks.markCalled(token);
  const digests = callback.outcome ? {} : await digestsOf({ images }, draft.built.images);
  const outcome = callback.outcome ?? (await pinnedImages(ports, input.draft, digests));
  if (outcome) {
    await completeCallback(ports, { ...callback, taskToken: input.taskToken }, outcome);
    return;
  }
  const missing = missingIn(digests);
  if (missing.every((image) => images.sendsEvents(image))) return;
  await lookAgain(ports, callback, input, missing);
};

/** Every execution waits for itself: two requests for one draft, or one sent again after the deadline, share no record. */
const waitOf = ({ execution, draft }: ImageWaitInput) => ({
  deploymentId: execution,
  fence: 0,
  step: `ImageWait.${draft}`,
  attempt: 1,
});

const lookAgain = async (
  ports: ImageWaitPorts,
  callback: Callback,
  input: ImageWaitInput,
  missing: readonly string[],
) => {
  const age = ports.clock.now().getTime() - Date.parse(input.startedAt);
  if (age > LONGEST_IMAGE_WAIT_MILLIS) throw new StepFailure({ code: 'ImageMissing', message: imagesMissing(missing) });
  await ports.machines.succeed(callback.taskToken, { outcome: 'LOOK' });
};
