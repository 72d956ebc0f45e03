import { type Finding, findingAt, type Keys } from '../../functions/domain/configuration/finding.ts';
import { userPrefix } from './names.ts';
import type { ClusterSite } from './stage.ts';

/** A cluster, and where it stands in the stages' file. */
export interface PlacedSite {
  readonly site: ClusterSite;
  readonly keys: Keys;
}

/** Rights go by how names begin: no environment may be called so that those of another, or its own, reach too far. */
export const checkReach = (sites: readonly PlacedSite[]): readonly Finding[] => [
  ...sites.flatMap((placed) => intoOthers(placed, sites)),
  ...sites.flatMap(intoOwn),
  ...sites.flatMap(byLogins),
];

/** Rights of an environment end at `{environment}-*`, which must not reach into another cluster of the account. */
const intoOthers = ({ site, keys }: PlacedSite, sites: readonly PlacedSite[]): readonly Finding[] =>
  site.environments.flatMap((environment, index) =>
    sites
      .filter((other) => other.site !== site && other.site.account === site.account)
      .flatMap((other) => other.site.environments.map((name) => ({ name, cluster: other.site.name })))
      .filter(({ name }) => environment.startsWith(`${name}-`))
      .map(({ name, cluster }) =>
        findingAt(
          [...keys, 'environments', index],
          `begins with ${name}-, so that the roles of cluster ${cluster} in the same account could change what is in ${environment}`,
        ),
      ),
  );

/** Whose roles and stacks begin with these words. */
const TAKEN = { slipway: "Slipway's", cdk: "CDK's" } as const;

const intoOwn = ({ site, keys }: PlacedSite): readonly Finding[] =>
  site.environments.flatMap((environment, index) =>
    Object.entries(TAKEN)
      .filter(([word]) => environment === word || environment.startsWith(`${word}-`))
      .map(([, whose]) =>
        findingAt(
          [...keys, 'environments', index],
          `is a name of ${whose} own: what deploys ${environment} could change roles and stacks that begin with ${environment}-`,
        ),
      ),
  );

/** Migrations of an environment may log in as `{environment}_*` by IAM, which must not reach into another of the cluster. */
const byLogins = ({ site, keys }: PlacedSite): readonly Finding[] =>
  (site.databaseAdmins.length > 0 ? site.environments : []).flatMap((environment, index) =>
    site.environments
      .filter((other) => environment !== other && userPrefix(environment).startsWith(userPrefix(other)))
      .map((other) =>
        findingAt(
          [...keys, 'environments', index],
          `begins with ${other}-, so that migrations of ${other} could log in to databases of ${environment}: where there are databaseAdmins, give one of them another name or a cluster in another account`,
        ),
      ),
  );
