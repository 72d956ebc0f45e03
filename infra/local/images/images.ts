import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ObjectProcess, objectProcess } from '../github/object-process.ts';
import type { Part, World } from '../part.ts';
import { checkoutsIn } from './checkouts.ts';
import { dockerfileFrom } from './dockerfile.ts';
import { ecrService } from './ecr-service.ts';
import { findObjects, pathInTree } from './git.ts';
import { ecrNameOf, imageReferenceFrom } from './image-reference.ts';
import { findSource, type ImageSource, isStandIn, type RepositorySource, type StandInSource } from './image-source.ts';
import { digestOf, manifestOf } from './manifest.ts';
import { publishedImages } from './published-images.ts';
import { type RunnableImage, runnableCheckout, runnableStandIn } from './runnable-image.ts';

/** One image that exists; `origin` says what runs when it is started. */
export interface Image {
  readonly name: string;
  readonly tag?: string;
  readonly digest: string;
  readonly manifest: string;
  readonly pushedAtMillis: number;
  readonly origin:
    | { readonly kind: 'commit'; readonly source: RepositorySource; readonly commit: string }
    | { readonly kind: 'stand-in'; readonly program?: string };
}

export interface Images {
  /**
   * Makes tag = `sha` of every image of the repository (`owner/name`) whose folder holds a Dockerfile at that commit,
   * and tells the event bus. @throws Error when the repository has no such commit
   */
  publish(repositoryName: string, sha: string): Promise<void>;
  /** Takes one tag of an image (its full name) away. */
  remove(name: string, tag: string): void;
  /** What `name:tag`, `name@digest` or `name:tag@digest` stands for; a digest overrules the tag beside it. */
  find(reference: string): Image | undefined;
  /** The image ready to run; checks its commit out when that was not done yet. */
  materialise(image: Image): Promise<RunnableImage>;
}

export interface ImagesOptions {
  /** Where checkouts are kept. */
  readonly directory: string;
  readonly sources: readonly ImageSource[];
}

/** The image registry: ECR on the wire, commits of Git repositories behind it. */
export const createImages = (world: World, { sources, ...options }: ImagesOptions): Part & Images => {
  const directory = resolve(options.directory);
  const published = publishedImages(world);
  const checkouts = checkoutsIn(join(directory, 'checkouts'));
  const processes = new Map<string, ObjectProcess>();
  const factsOf = (repository: string): ObjectProcess => {
    const facts = processes.get(repository) ?? objectProcess(repository, 'facts');
    processes.set(repository, facts);
    return facts;
  };

  const publishOne = async (source: RepositorySource, sha: string) => {
    const paths = ['', source.folder, pathInTree(source.folder, 'Dockerfile')];
    const [root, folder, dockerfile] = await findObjects(factsOf(source.repository), sha, paths);
    if (!root) throw new Error(`no image published: ${source.repositoryName} has no commit ${sha}`);
    if (!dockerfile) return;
    const manifest = manifestOf(source.name, folder ?? '');
    const image = { name: source.name, tag: sha, digest: digestOf(manifest), manifest, commit: sha };
    published.put({ ...image, pushedAtMillis: world.clock.now() });
    tell(world, 'PUSH', image);
  };

  const find = (reference: string): Image | undefined => {
    const { name, tag, digest } = imageReferenceFrom(reference);
    const source = findSource(sources, name);
    if (!source) return undefined;
    if (isStandIn(source)) return standIn(source, name, tag, digest);
    const row = digest ? published.findByDigest(name, digest) : published.findByTag(name, tag ?? 'latest');
    return row && { ...row, origin: { kind: 'commit', source, commit: row.commit } };
  };

  return {
    find,
    publish: async (repositoryName, sha) => {
      for (const source of sources.filter(isFromRepository).filter((one) => one.repositoryName === repositoryName))
        await publishOne(source, sha);
    },
    remove: (name, tag) => {
      const image = published.findByTag(name, tag);
      published.delete(name, tag);
      if (image) tell(world, 'DELETE', image);
    },
    materialise: async ({ name, origin }) => {
      if (origin.kind === 'stand-in') {
        mkdirSync(directory, { recursive: true });
        return runnableStandIn(name, directory, origin.program);
      }
      const folder = join(await checkouts.of(origin.source, origin.commit), origin.source.folder);
      return runnableCheckout(dockerfileFrom(readFileSync(join(folder, 'Dockerfile'), 'utf8')), folder);
    },
    services: [ecrService(world, { sources, published, find })],
    stop: async () => {
      for (const facts of processes.values()) facts.stop();
    },
  };
};

const isFromRepository = (source: ImageSource): source is RepositorySource => !isStandIn(source);

/** Its digest derives from name and tag; any digest that somebody names exists as well. */
const standIn = ({ program }: StandInSource, name: string, tag?: string, digest?: string): Image => {
  const manifest = manifestOf(name, `stand-in ${tag ?? 'latest'}`);
  return {
    name,
    ...(tag || !digest ? { tag: tag ?? 'latest' } : {}),
    digest: digest ?? digestOf(manifest),
    manifest,
    pushedAtMillis: 0,
    origin: { kind: 'stand-in', ...(program && { program }) },
  };
};

const tell = (world: World, action: 'PUSH' | 'DELETE', image: { name: string; tag: string; digest: string }) => {
  const ecr = ecrNameOf(image.name);
  if (!ecr) return;
  world.emit({
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    resources: [],
    detail: {
      'action-type': action,
      result: 'SUCCESS',
      'repository-name': ecr.repositoryName,
      'image-tag': image.tag,
      'image-digest': image.digest,
    },
  });
};
