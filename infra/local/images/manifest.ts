import { createHash } from 'node:crypto';

export const MANIFEST_MEDIA_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';

/** An image manifest whose only content is what makes two images equal: the name and the tree it was built from. */
export const manifestOf = (name: string, content: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 0, digest: digestOf(name) },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: 0, digest: digestOf(content) }],
  });

/** As in every registry, an image's digest is the SHA-256 of its manifest. */
export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
