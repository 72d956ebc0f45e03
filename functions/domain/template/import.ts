import { StepFailure } from '../failure.ts';
import { referencesOf } from './references.ts';
import type { Template, TemplateResource } from './template.ts';

/** One resource that exists and is to belong to the stack from now on. */
export interface ImportTarget {
  readonly logicalId: string;
  readonly type: string;
  /** Its name in AWS. */
  readonly name: string;
}

/** What outlives its stack, with the property that names it; the original deployer retained just these. */
const retained: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SecretsManager::Secret': 'Name',
};

/** The resources of a release that a stack before it may have left behind. */
export const importable = ({ Resources }: Template): Readonly<Record<string, TemplateResource>> =>
  Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Object.hasOwn(retained, Type)));

/**
 * What there is to import, by logical id.
 * @throws StepFailure ImportRefused for a resource that cannot be found by its own words.
 */
export const importTargets = (release: Template): readonly ImportTarget[] =>
  Object.entries(importable(release))
    .map(([logicalId, resource]) => ({ logicalId, type: resource.Type, name: nameOf(logicalId, resource) }))
    .sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1));

/**
 * The template of the import: what the stack holds, unchanged, and the imported resources. Each needs a DeletionPolicy,
 * and outputs may not change: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
 */
export const importTemplate = (running: Template, release: Template): Template => ({
  ...running,
  Resources: {
    ...running.Resources,
    ...Object.fromEntries(
      Object.entries(importable(release)).map(([id, resource]) => [id, { DeletionPolicy: 'Retain', ...resource }]),
    ),
  },
});

const nameOf = (logicalId: string, resource: TemplateResource): string => {
  const property = retained[resource.Type] ?? '';
  const name = resource.Properties?.[property];
  const [needed] = referencesOf(resource).names;
  if (typeof name === 'string' && needed === undefined) return name;
  throw new StepFailure({
    code: 'ImportRefused',
    message:
      needed === undefined
        ? `${logicalId} (${resource.Type}) has no ${property} of its own, so nobody knows which one is meant`
        : `${logicalId} (${resource.Type}) refers to ${needed}, which is not imported with it`,
    left: 'Nothing was imported',
    remedy: 'Give the resource a fixed name and no references, or deploy it as a new one',
  });
};
