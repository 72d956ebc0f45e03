import type { Part } from '../../infra/local/part.ts';
import { type Front, startFront } from '../../infra/local/wire/front.ts';
import { AwsError } from '../../infra/local/wire/service.ts';

/**
 * Puts one part on the wire, without IAM beside it. The access key `operator` may do everything; any other key is the name
 * of an entry of `grants`, which lists what it may do as `action resource`.
 */
export const onWire = (part: Part, grants: Readonly<Record<string, readonly string[]>> = {}): Promise<Front> =>
  startFront({
    services: part.services ?? [],
    callerOf: (accessKeyId) => ({ accessKeyId, arn: `arn:aws:sts::111122223333:assumed-role/${accessKeyId}/test` }),
    authorizeAs: (caller) => (action, resources) => {
      const granted = grants[caller.accessKeyId] ?? [];
      const refused = resources.find((resource) => !granted.includes(`${action} ${resource}`));
      if (caller.accessKeyId !== 'operator' && refused !== undefined)
        throw new AwsError('AccessDenied', `${caller.arn} may not ${action} on ${refused}`, 403);
    },
  });

/** How an SDK client reaches a front. */
export const clientOptions = (front: Front, accessKeyId = 'operator') => ({
  endpoint: front.url,
  region: 'eu-central-1',
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey: 'secret' },
});
