import type { BuiltApplication, Template } from './template.ts';

/**
 * Every image of the template and of the migration containers by `name:tag@sha256:...`; one that was configured with
 * its digest stays as it is.
 * @throws when the digest of an image is missing.
 */
export const pinImages = (built: BuiltApplication, digests: Readonly<Record<string, string>>): BuiltApplication => ({
  ...built,
  template: pinTemplate(built.template, digests),
  databases: built.databases.map(({ migrate, ...database }) => ({
    ...database,
    ...(migrate && { migrate: { ...migrate, image: pinImage(migrate.image, digests) } }),
  })),
});

/** One image by its digest. */
export const pinImage = (image: string, digests: Readonly<Record<string, string>>): string => {
  if (image.includes('@')) return image;
  const digest = Object.hasOwn(digests, image) ? digests[image] : undefined;
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`Image ${image} has no digest: ${digest ?? 'none was found'}`);
  return `${image}@${digest}`;
};

const pinTemplate = (template: Template, digests: Readonly<Record<string, string>>): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      if (resource.Type !== 'AWS::ECS::TaskDefinition' || !resource.Properties) return [id, resource];
      const containers = resource.Properties['ContainerDefinitions'];
      if (!Array.isArray(containers)) return [id, resource];
      const pinned = containers.map((container: unknown) => pinContainer(container, digests));
      return [id, { ...resource, Properties: { ...resource.Properties, ContainerDefinitions: pinned } }];
    }),
  ),
});

const pinContainer = (container: unknown, digests: Readonly<Record<string, string>>) =>
  typeof container === 'object' && container !== null && 'Image' in container && typeof container.Image === 'string'
    ? { ...container, Image: pinImage(container.Image, digests) }
    : container;
