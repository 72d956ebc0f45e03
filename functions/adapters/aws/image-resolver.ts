import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { ImageResolver } from '../../ports.ts';

const ECR =
  /^(?<account>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/;

/** Images in ECR, and through `elsewhere` those of other registries. */
export const ecrImageResolver = (
  client: ECRClient,
  elsewhere: (reference: string) => Promise<string | undefined>,
): ImageResolver => ({
  digest: async (reference) => {
    const { account, repository, tag = 'latest', digest } = ECR.exec(reference)?.groups ?? {};
    if (!repository) return elsewhere(reference);
    if (digest) return digest;
    try {
      const { imageDetails = [] } = await client.send(
        new DescribeImagesCommand({
          ...(account && { registryId: account }),
          repositoryName: repository,
          imageIds: [{ imageTag: tag }],
        }),
      );
      return imageDetails[0]?.imageDigest;
    } catch (error) {
      if (error instanceof Error && ['ImageNotFoundException', 'RepositoryNotFoundException'].includes(error.name))
        return undefined;
      throw error;
    }
  },
  sendsEvents: (reference) => ECR.test(reference),
});
