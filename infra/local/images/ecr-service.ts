import type { World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { pageOf } from '../wire/page.ts';
import { AwsError, type Input, type WireService } from '../wire/service.ts';
import { ecrNameOf } from './image-reference.ts';
import type { ImageSource } from './image-source.ts';
import type { Image } from './images.ts';
import { MANIFEST_MEDIA_TYPE } from './manifest.ts';
import type { PublishedImages } from './published-images.ts';

interface Registry {
  readonly sources: readonly ImageSource[];
  readonly published: PublishedImages;
  readonly find: (reference: string) => Image | undefined;
}

interface Repository {
  readonly registryId: string;
  readonly repositoryName: string;
  /** The full image name. */
  readonly name: string;
}

/** ECR on the wire: what a deployer asks of a registry, nothing that uploads. */
export const ecrService = (world: World, { sources, published, find }: Registry): WireService => {
  const repositories = sources.flatMap((source): Repository[] => {
    const ecr = source.name.endsWith('*') ? undefined : ecrNameOf(source.name);
    return ecr ? [{ ...ecr, name: source.name }] : [];
  });
  const arnOf = (repositoryName: string) => `arn:aws:ecr:${world.region}:${world.account}:repository/${repositoryName}`;

  /** A registry id that is left out means the caller's own account. */
  const getRepository = ({ registryId = world.account, repositoryName }: Input): Repository => {
    const known = repositories.find((one) => one.registryId === registryId && one.repositoryName === repositoryName);
    if (known) return known;
    const name = `${registryId}.dkr.ecr.${world.region}.amazonaws.com/${repositoryName}`;
    if (find(`${name}:latest`)) return { registryId, repositoryName, name };
    const message = `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`;
    throw new AwsError('RepositoryNotFoundException', message);
  };
  const findImage = (name: string, { imageTag, imageDigest }: Input): Image | undefined => {
    const image = find(imageDigest ? `${name}@${imageDigest}` : `${name}:${imageTag}`);
    if (!imageDigest || !imageTag) return image;
    return find(`${name}:${imageTag}`)?.digest === imageDigest ? image : undefined;
  };
  const getImage = (repository: Repository, id: Input): Image => {
    const image = findImage(repository.name, id);
    if (image) return image;
    const imageId = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
    const where = `the repository with name '${repository.repositoryName}' in the registry with id '${repository.registryId}'`;
    throw new AwsError('ImageNotFoundException', `The image with imageId ${imageId} does not exist within ${where}`);
  };
  const detailOf = ({ registryId, repositoryName, name }: Repository, image: Image) => {
    const tags = published.of(name).filter(({ digest }) => digest === image.digest);
    const tagged = tags.length ? tags.map(({ tag }) => tag) : [image.tag ?? []].flat();
    return {
      registryId,
      repositoryName,
      imageDigest: image.digest,
      ...(tagged.length ? { imageTags: tagged } : {}),
      imageSizeInBytes: image.manifest.length,
      imagePushedAt: image.pushedAtMillis / 1000,
      imageManifestMediaType: MANIFEST_MEDIA_TYPE,
    };
  };
  const allImages = ({ name }: Repository): Image[] => {
    const digests = new Set(published.of(name).map(({ digest }) => digest));
    return [...digests].flatMap((digest) => find(`${name}@${digest}`) ?? []);
  };
  const resources = ({ repositoryName }: Input) => [arnOf(String(repositoryName))];

  return jsonService('ecr', '1.1', {
    DescribeImages: {
      resources,
      run: (input) => {
        const repository = getRepository(input);
        const images = input.imageIds?.map((id: Input) => getImage(repository, id)) ?? allImages(repository);
        const { page, nextToken } = paged(images as Image[], input);
        return { imageDetails: page.map((image) => detailOf(repository, image)), nextToken };
      },
    },
    BatchGetImage: {
      resources,
      run: (input) => {
        const repository = getRepository(input);
        const { registryId, repositoryName, name } = repository;
        const asked: { id: Input; image: Image | undefined }[] = input.imageIds.map((id: Input) => ({
          id,
          image: findImage(name, id),
        }));
        return {
          images: asked.flatMap(({ id, image }) =>
            image
              ? {
                  registryId,
                  repositoryName,
                  imageId: { imageDigest: image.digest, imageTag: id.imageTag ?? image.tag },
                  imageManifest: image.manifest,
                  imageManifestMediaType: MANIFEST_MEDIA_TYPE,
                }
              : [],
          ),
          failures: asked
            .filter(({ image }) => !image)
            .map(({ id }) => ({
              imageId: id,
              failureCode: 'ImageNotFound',
              failureReason: 'Requested image not found',
            })),
        };
      },
    },
    DescribeRepositories: {
      resources: (input) => (input.repositoryNames ?? ['*']).map(arnOf),
      run: (input) => {
        const { registryId = world.account, repositoryNames } = input;
        const asked: Repository[] =
          repositoryNames?.map((repositoryName: string) => getRepository({ registryId, repositoryName })) ??
          repositories.filter((one) => one.registryId === registryId);
        const { page, nextToken } = paged(asked, input);
        return {
          repositories: page.map(({ name, ...one }) => ({
            ...one,
            repositoryArn: arnOf(one.repositoryName),
            repositoryUri: name,
            imageTagMutability: 'MUTABLE',
          })),
          nextToken,
        };
      },
    },
  });
};

/** ECR's pages: 100 items unless the caller asks for fewer. */
const paged = <T>(items: readonly T[], { nextToken, maxResults = 100 }: Input) => {
  const { page, next } = pageOf(items, nextToken, maxResults);
  return { page, nextToken: next };
};
