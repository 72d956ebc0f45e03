import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Cluster } from '../../domain/environment/cluster.ts';
import type { World } from '../world.ts';
import { sharedCredentials } from './shared-credentials.ts';

/** Settings for any client that speaks to a cluster's account and region: by its deploy role, assumed once for all. */
export const clusterSettings = ({ aws, clock }: World, { aws: site }: Cluster) => {
  const { deployRoleArn, externalId, awsRegion } = site;
  return {
    ...aws,
    region: awsRegion,
    ...(deployRoleArn && {
      credentials: sharedCredentials(
        fromTemporaryCredentials({
          params: { RoleArn: deployRoleArn, RoleSessionName: 'slipway', ...(externalId && { ExternalId: externalId }) },
          clientConfig: { ...aws },
          ...(aws.credentials && { masterCredentials: aws.credentials }),
        }),
        clock.now,
      ),
    }),
  };
};
