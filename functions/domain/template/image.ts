import type { Container } from '../application/container.ts';
import type { Build } from './build.ts';

type Images = Pick<Build, 'cluster' | 'version'>;

/** The image of a container as one reference; tag and registry default to the version and the cluster's registry. */
export const imageOf = ({ imageUrl, image }: Pick<Container, 'imageUrl' | 'image'>, build: Images): string => {
  if (imageUrl !== undefined) return imageUrl;
  if (!image) throw new Error('A container has neither image nor imageUrl: the application was not validated');
  const registry = (image.registry ?? build.cluster.aws.ecsCluster.defaultRegistry).replace(/\/+$/, '');
  return `${registry}/${image.name}:${image.tag ?? build.version}`;
};

/** ECS CPU units and MiB of a container, from the environment's size map. */
export const sizeOf = ({ demand }: Pick<Container, 'demand'>, { environment: { sizes } }: Pick<Build, 'environment'>) =>
  ({ LIGHT: sizes.light, MEDIUM: sizes.medium, HEAVY: sizes.heavy })[demand];
