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

const casesOf = (auth: object): fc.Arbitrary<RandomCase> =>
  randomParts.map((one) => ({
    document: assembled(one),
    environment: one.environment,
    cluster: fittingCluster(one.environment.fullName, one.launchType, auth),
  }));

/** Valid applications with everything that the schema knows and the builder builds, and names that invite collisions. */
export const randomCases = casesOf(byPassword);

/** Databases by IAM among them, which the builder knows and of which Slipway cannot be the administrator. */
export const buildableCases = fc.oneof({ weight: 2, arbitrary: randomCases }, { weight: 1, arbitrary: casesOf(byIam) });

/** What the builder takes, read by the schemas. */
export const inputOf = ({ document, environment, cluster }: RandomCase) => ({
  application: applicationSchema.parse(document),
  environment: environmentSchema.parse(environment),
  cluster: clusterSchema.parse(cluster),
  version: 'c0ffee',
  hash: sha256,
});
