import { fitsWildcard } from '../iam/wildcard.ts';

/** Where the images of one name come from. */
export type ImageSource = RepositorySource | StandInSource;

/** An image for every published commit of a Git repository whose `folder` holds a Dockerfile. */
export interface RepositorySource {
  /** The full image name without a tag: `000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop`. */
  readonly name: string;
  /** Path of a bare Git repository on this machine. */
  readonly repository: string;
  /** `owner/name`. */
  readonly repositoryName: string;
  /** The folder inside the repository that holds the Dockerfile; empty for the root. */
  readonly folder: string;
}

/** An image that exists under every tag and only pretends to work; it says so wherever it speaks. */
export interface StandInSource {
  /** May end in `*`. */
  readonly name: string;
  readonly standIn: true;
  /** Path of the JavaScript module that runs in its place; without one a small server that answers everything with 200. */
  readonly program?: string;
}

export const isStandIn = (source: ImageSource): source is StandInSource => 'standIn' in source;

/** The source of an image name: an exact name goes before a pattern. */
export const findSource = (sources: readonly ImageSource[], name: string): ImageSource | undefined =>
  sources.find((source) => source.name === name) ??
  sources.find((source) => isStandIn(source) && fitsWildcard(source.name, name));
