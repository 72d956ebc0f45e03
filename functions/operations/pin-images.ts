import type { Callback, Outcome } from '../domain/callback.ts';
import type { Draft } from '../domain/draft.ts';
import { releaseFrom } from '../domain/release.ts';
import type { ClusterPorts, Ports } from '../ports.ts';
import { releaseKey } from './step-context.ts';

export type PinPorts = Pick<Ports, 'documents' | 'hash'>;

type Images = Pick<ClusterPorts, 'images'>;

type Digests = Readonly<Record<string, string | undefined>>;

/** As long as the state machine waits; afterwards the request has ended without the image. */
export const LONGEST_IMAGE_WAIT_MILLIS = 60 * 60_000;

/** Stores the release once every image of its draft exists, each by its digest; undefined while one is missing. */
export const pinnedImages = async (
  { documents, hash }: PinPorts,
  draftKey: string,
  digests: Digests,
): Promise<Outcome | undefined> => {
  if (missingIn(digests).length > 0) return undefined;
  const draft = await documents.find<Draft>(draftKey);
  if (!draft) throw new Error(`Draft ${draftKey} is gone`);
  const release = releaseFrom({ ...draft, digests: knownDigests(digests), hash });
  await documents.put(releaseKey(release.hash), release);
  return { ok: true, output: { outcome: 'PINNED', release: release.hash } };
};

/** For one that nobody waits for any more: the request was stopped from outside, or its deadline has passed. */
export const imagesOverdue = ({ createdAt }: Callback, images: readonly string[], now: Date): Outcome | undefined =>
  now.getTime() - Date.parse(createdAt) > LONGEST_IMAGE_WAIT_MILLIS
    ? { ok: false, error: 'ImageMissing', cause: imagesMissing(images) }
    : undefined;

export const imagesMissing = (images: readonly string[]): string =>
  `These images did not appear within an hour: ${images.join(', ')}`;

export const missingIn = (digests: Digests): readonly string[] =>
  Object.entries(digests).flatMap(([name, digest]) => (digest === undefined ? [name] : []));

/** `sha256:...` of each image, undefined for one that does not exist. */
export const digestsOf = async ({ images }: Images, names: readonly string[]): Promise<Digests> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await images.digest(name)])));

/** Without those that do not exist. */
export const knownDigests = (digests: Digests): Record<string, string> =>
  Object.fromEntries(Object.entries(digests).flatMap(([name, digest]) => (digest ? [[name, digest]] : [])));
