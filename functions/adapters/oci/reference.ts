export interface ImageReference {
  /** Host of the registry's API. */
  readonly registry: string;
  readonly name: string;
  readonly tag: string;
  readonly digest?: string;
}

/** Names under which people know the registry that is left out of a name. */
const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/**
 * The parts of an image reference: a first word with a dot or a port, or `localhost`, is a registry, everything else lies
 * on Docker Hub. https://github.com/distribution/reference/blob/main/normalize.go
 */
export const partsOf = (reference: string): ImageReference => {
  const [path = '', digest] = reference.split('@');
  const [, host = 'docker.io', rest = path] = /^((?:[^/]*[.:][^/]*)|localhost)\/(.+)$/.exec(path) ?? [];
  const [repository = '', tag = 'latest'] = rest.split(':');
  const onHub = DOCKER_HUB.includes(host);
  return {
    registry: onHub ? 'registry-1.docker.io' : host,
    name: onHub && !repository.includes('/') ? `library/${repository}` : repository,
    tag,
    ...(digest && { digest }),
  };
};
