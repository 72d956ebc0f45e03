import type { BuiltApplication, MigrationContainer, Template } from './template.ts';

type Digests = Readonly<Record<string, string>>;
type Pin = (image: string) => string;

/**
 * Every image of the template and of the migration containers by `name:tag@sha256:...`; one that was configured with
 * its digest stays as it is, and so does one that a preview knows to be `missing` yet.
 * @throws when the digest of an image is missing.
 */
export const pinImages = (
  built: BuiltApplication,
  digests: Digests,
  missing: readonly string[] = [],
): BuiltApplication => {
  const pin = (image: string) => pinImage(image, digests, missing);
  return {
    ...built,
    template: pinTemplate(built.template, pin),
    databases: built.databases.map(({ migrate, ...database }) => ({
      ...database,
      ...(migrate && { migrate: pinMigration(migrate, pin) }),
    })),
  };
};

/** One image by its digest. */
export const pinImage = (image: string, digests: Digests, missing: readonly string[] = []): string => {
  if (image.includes('@') || missing.includes(image)) return image;
  const digest = Object.hasOwn(digests, image) ? digests[image] : undefined;
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`Image ${image} has no digest: ${digest ?? 'none was found'}`);
  return `${image}@${digest}`;
};

const pinMigration = ({ sidecar, ...migrate }: MigrationContainer, pin: Pin): MigrationContainer => ({
  ...migrate,
  image: pin(migrate.image),
  ...(sidecar && { sidecar: { ...sidecar, image: pin(sidecar.image) } }),
});

const pinTemplate = (template: Template, pin: Pin): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      if (resource.Type !== 'AWS::ECS::TaskDefinition' || !resource.Properties) return [id, resource];
      const containers = resource.Properties['ContainerDefinitions'];
      if (!Array.isArray(containers)) return [id, resource];
      const pinned = containers.map((container: unknown) => pinContainer(container, pin));
      return [id, { ...resource, Properties: { ...resource.Properties, ContainerDefinitions: pinned } }];
    }),
  ),
});

const pinContainer = (container: unknown, pin: Pin) =>
  typeof container === 'object' && container !== null && 'Image' in container && typeof container.Image === 'string'
    ? { ...container, Image: pin(container.Image) }
    : container;
