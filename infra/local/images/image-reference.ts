/** An image reference in its parts; the registry's port, if any, stays in the name. */
export interface ImageReference {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Parses `name`, `name:tag`, `name@digest` and `name:tag@digest`. */
export const imageReferenceFrom = (text: string): ImageReference => {
  const [path = '', digest] = text.split('@');
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1);
  const name = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? undefined : path.slice(colon + 1);
  return { name, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
};

/** The registry id and repository name of an image in ECR; undefined for another registry. */
export const ecrNameOf = (imageName: string): { registryId: string; repositoryName: string } | undefined => {
  const [, registryId, repositoryName] = /^(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/(.+)$/.exec(imageName) ?? [];
  return registryId && repositoryName ? { registryId, repositoryName } : undefined;
};
