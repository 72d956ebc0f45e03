import type { Callback } from '../domain/callback.ts';
import type { Draft } from '../domain/draft.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Request } from '../domain/request.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import { type CompletePorts, completeCallback } from './complete-step.ts';
import { missingImages, type PinPorts, pinnedImages } from './pin-images.ts';

export type ImageWaitPorts = PinPorts & CompletePorts & Pick<Ports, 'configuration' | 'inCluster'>;

export interface ImageWaitInput {
  readonly request: Request;
  readonly draft: string;
  readonly taskToken: string;
  /** When the request began; a foreign registry is looked at for an hour at most. */
  readonly startedAt: string;
}

const LONGEST_WAIT_MILLIS = 60 * 60_000;

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
  const token = outwardToken(ports.hash, {
    deploymentId: input.draft,
    fence: 0,
    step: 'ImageWait',
    attempt: attemptOf(input),
  });
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
  const outcome =
    callback.outcome ??
    (await pinnedImages(ports, callback, { images: draft.built.images, draft: input.draft }, { images }));
  if (outcome) return completeCallback(ports, { ...callback, taskToken: input.taskToken }, outcome);
  const missing = await missingImages({ images }, draft.built.images);
  if (missing.every((image) => images.sendsEvents(image))) return;
  await lookAgain(ports, callback, input, missing);
};

/** Every wait has a record of its own: a request sent again after the deadline starts afresh. */
const attemptOf = ({ startedAt }: ImageWaitInput) => Math.floor(Date.parse(startedAt) / 1000);

const lookAgain = async (
  ports: ImageWaitPorts,
  callback: Callback,
  input: ImageWaitInput,
  missing: readonly string[],
) => {
  const age = ports.clock.now().getTime() - Date.parse(input.startedAt);
  if (age > LONGEST_WAIT_MILLIS)
    throw new StepFailure({
      code: 'ImageMissing',
      message: `These images did not appear within an hour: ${missing.join(', ')}`,
    });
  await ports.machines.succeed(callback.taskToken, { outcome: 'LOOK' });
};
