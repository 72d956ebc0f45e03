import type { Ports } from '../functions/ports.ts';
import type { ImageWait } from './view/stack-lines.ts';

/** Requests that wait for images: nothing is queued for them yet, and their stack may not exist. */
export const imageWaits = async ({ callbacks }: Pick<Ports, 'callbacks'>): Promise<readonly ImageWait[]> =>
  (await callbacks.listOpenBySubject('image')).flatMap(({ deploymentId, stackName, waitsFor, createdAt }) =>
    waitsFor.kind === 'image'
      ? [{ requestId: deploymentId, stackName, images: waitsFor.images, since: createdAt }]
      : [],
  );
