import fc from 'fast-check';
import { applicationSchema } from '../../functions/domain/application/application.ts';
import { clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { environmentSchema } from '../../functions/domain/environment/environment.ts';
import { assembled } from './assembled-application.ts';
import { randomParts } from './random-parts.ts';
import { byIam, byPassword, fittingCluster } from './random-place.ts';
import { sha256 } from './sample-configuration.ts';

/** An application file with an environment and a cluster that fit it, as people would write them. */
export interface RandomCase {
  readonly document: object;
  readonly environment: object;
  readonly cluster: object;
}

const casesOf = (...auth: readonly [first: object, second: object]): fc.Arbitrary<RandomCase> =>
  randomParts.map((one) => ({
    document: assembled(one),
    environment: one.environment,
    cluster: fittingCluster(one.environment.fullName, one.launchType, auth),
  }));

/**
 * Valid applications with everything that the schema knows and the builder builds, and names that invite collisions; in some
 * of them one of the two servers, or both of them, is logged in to by IAM.
 */
export const randomCases = fc.oneof(casesOf(byPassword, byPassword), casesOf(byPassword, byIam), casesOf(byIam, byIam));

/** What the builder takes, read by the schemas. */
export const inputOf = ({ document, environment, cluster }: RandomCase) => ({
  application: applicationSchema.parse(document),
  environment: environmentSchema.parse(environment),
  cluster: clusterSchema.parse(cluster),
  version: 'c0ffee',
  hash: sha256,
});
