import type { World } from '../part.ts';

/** One tag of one image name, as it was published. */
export interface PublishedImage {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
  readonly manifest: string;
  readonly commit: string;
  readonly pushedAtMillis: number;
}

export interface PublishedImages {
  put(image: PublishedImage): void;
  delete(name: string, tag: string): void;
  /** All tags of a name, the oldest push first. */
  of(name: string): readonly PublishedImage[];
  findByTag(name: string, tag: string): PublishedImage | undefined;
  findByDigest(name: string, digest: string): PublishedImage | undefined;
}

export const publishedImages = (world: World): PublishedImages => {
  const table = world.store.table<PublishedImage>('ecr.images');
  const of = (name: string) =>
    table
      .list(`${name}:`)
      .map(({ value }) => value)
      .filter((image) => image.name === name)
      .sort((a, b) => a.pushedAtMillis - b.pushedAtMillis);
  return {
    put: (image) => table.put(`${image.name}:${image.tag}`, image),
    delete: (name, tag) => table.delete(`${name}:${tag}`),
    of,
    findByTag: (name, tag) => table.get(`${name}:${tag}`),
    findByDigest: (name, digest) => of(name).findLast((image) => image.digest === digest),
  };
};
