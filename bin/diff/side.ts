import type { BuiltDatabase, Parameter, Template } from '../../functions/domain/template/template.ts';

/** One of two releases that are held against each other. */
export interface Side {
  readonly template: Template;
  /** Undefined for a template of which nothing else is known. */
  readonly beside?: {
    readonly parameters: readonly Parameter[];
    readonly databases: readonly BuiltDatabase[];
  };
}

export interface Sides {
  /** What it is held against. */
  readonly before: Side;
  /** What would be deployed. */
  readonly after: Side;
}

/**
 * The same without the digests by which a deployment pinned these images: a release that is not deployed yet has none, and
 * the difference would hide those that matter.
 */
export const withoutDigests = (side: Side, images: readonly string[]): Side => {
  const known = new Set(images);
  return JSON.parse(JSON.stringify(side), (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    const [image = '', digest = ''] = value.split('@sha256:');
    return /^[0-9a-f]{64}$/.test(digest) && known.has(image) ? image : value;
  });
};
