import type { Build } from './build.ts';

/**
 * The bucket behind a blobstore of the application: its own by the original's pattern, that of another application of
 * the environment by the same pattern, or somebody else's by its name.
 */
export const bucketName = (
  blobstore: string,
  { application, environment, cluster: { aws } }: Pick<Build, 'application' | 'environment' | 'cluster'>,
): string => {
  const { ref } = application.blobstores.find(({ name }) => name === blobstore) ?? {};
  if (ref?.bucketName !== undefined) return ref.bucketName;
  const owner = ref?.application ?? application.name;
  return `${blobstore}.${owner}.${environment.fullName}.${aws.awsRegion}.${aws.globalNamespace}`;
};
