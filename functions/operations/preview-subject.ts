import type { Draft } from '../domain/draft.ts';
import { releaseFrom } from '../domain/release.ts';
import type { Stack } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { digestsOf, knownDigests, missingIn } from './pin-images.ts';
import type { Planning } from './planning.ts';

export type SubjectPorts = Pick<Ports, 'stacks' | 'configuration' | 'inCluster' | 'hash'>;

export interface PreviewSubject {
  readonly planning: Planning;
  /** Undefined before the first deployment. */
  readonly stack: Stack | undefined;
  readonly missingImages: readonly string[];
}

/** A draft as the release that it will be, with the images that exist already, and what it would meet. */
export const subjectOf = async (ports: SubjectPorts, draft: Draft): Promise<PreviewSubject> => {
  const environment = await ports.configuration.findEnvironment(draft.environment);
  const cluster = environment && (await ports.configuration.findCluster(environment.clusterName));
  if (!cluster) throw new Error(`Environment ${draft.environment} or its cluster is gone`);
  const aws = ports.inCluster(cluster);
  const found = await digestsOf(aws, draft.built.images);
  const missingImages = missingIn(found);
  const release = releaseFrom({ ...draft, digests: knownDigests(found), missingImages, hash: ports.hash });
  const stack = await ports.stacks.find(release.stackName);
  const none = { name: release.stackName, counts: {} };
  return { planning: { release, environment, cluster, aws, stack: stack ?? none }, stack, missingImages };
};
