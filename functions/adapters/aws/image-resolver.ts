import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { ImageResolver } from '../../ports.ts';
import { isNamed } from './named.ts';

const ECR =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/;

/** Where the cluster stands: only its own registry sends events to us. */
export interface EcrSite {
  readonly account: string;
  readonly region: string;
}

/** Images in ECR, of whichever account and region their names say, and through `elsewhere` those of other registries. */
export const ecrImageResolver = (
  clientIn: (region: string) => ECRClient,
  site: EcrSite,
  elsewhere: (reference: string) => Promise<string | undefined>,
): ImageResolver => ({
  digest: async (reference) => {
    const { account, region, repository, tag = 'latest', digest } = ECR.exec(reference)?.groups ?? {};
    if (!account || !region || !repository) return elsewhere(reference);
    if (digest) return digest;
    const input = { registryId: account, repositoryName: repository, imageIds: [{ imageTag: tag }] };
    try {
      const { imageDetails = [] } = await clientIn(region).send(new DescribeImagesCommand(input));
      return imageDetails[0]?.imageDigest;
    } catch (error) {
      if (isNamed(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) return undefined;
      throw error;
    }
  },
  sendsEvents: (reference) => {
    const { account, region } = ECR.exec(reference)?.groups ?? {};
    return account === site.account && region === site.region;
  },
});
