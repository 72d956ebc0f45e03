import { type Finding, findingAt } from '../configuration/finding.ts';
import { nearest } from '../configuration/nearest.ts';
import type { CheckInput } from './check-input.ts';

/**
 * Buckets by name that no role of the environment may reach, whatever its template says: the boundary keeps it from
 * them (infra/aws/boundary-statements.ts). A cluster stack that has not told which it lets through is not asked.
 */
export const checkBuckets = ({ application, environment, cluster }: CheckInput): readonly Finding[] => {
  const { answer, aws } = cluster;
  if (!answer?.buckets) return [];
  const ofEnvironment = `.${environment.fullName}.${aws.awsRegion}.`;
  const { buckets } = answer;
  return application.blobstores.flatMap(({ ref }, index) => {
    const name = ref?.bucketName;
    if (name === undefined || name.includes(ofEnvironment) || buckets.includes(name)) return [];
    return [
      findingAt(
        ['blobstores', index, 'ref', 'bucketName'],
        `names ${name}, which roles of applications may not reach in cluster ${cluster.name}: add it to the cluster's buckets in infra/aws/stages.ts, run npm run deploy, then slipway apply`,
        nearest(name, buckets),
      ),
    ];
  });
};
