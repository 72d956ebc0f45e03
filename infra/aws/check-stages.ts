import { type Finding, findingAt, type Keys } from '../../functions/domain/configuration/finding.ts';
import { parseConfiguration } from '../../functions/domain/configuration/parse-configuration.ts';
import { checkReach, type PlacedSite } from './check-reach.ts';
import {
  cloudFormationRoleName,
  deployRoleName,
  migrationTaskRoleName,
  migratorRoleName,
  sqlFunctionName,
} from './names.ts';
import { type ClusterSite, type Stage, type StageEntry, stageSchema } from './stage.ts';

export type CheckedStages =
  | { readonly kind: 'read'; readonly stages: ReadonlyMap<string, Stage> }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** Every stage with its defaults, or everything that is wrong with any of them at once; keys begin with the stage. */
export const checkStages = (entries: Readonly<Record<string, StageEntry>>): CheckedStages => {
  const parsed = Object.entries(entries).map(
    ([name, entry]) => [name, parseConfiguration(stageSchema, entry)] as const,
  );
  const stages = new Map(parsed.flatMap(([name, stage]) => (stage.kind === 'read' ? [[name, stage.value]] : [])));
  const malformed = parsed.flatMap(([name, stage]) =>
    stage.kind === 'invalid' ? stage.findings.map((finding) => ({ ...finding, keys: [name, ...finding.keys] })) : [],
  );
  const findings = malformed.length > 0 ? malformed : [...longNames(stages), ...clashes(stages)];
  return findings.length > 0 ? { kind: 'invalid', findings } : { kind: 'read', stages };
};

/** Characters of a name of IAM and Lambda: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST = 64;

/** Names are joined from a word of ours and one of yours, and AWS finds out only in the middle of a deployment. */
const longNames = (stages: ReadonlyMap<string, Stage>): readonly Finding[] =>
  sitesOf(stages).flatMap(({ site, keys }) => [
    ...tooLong([...keys, 'name'], [deployRoleName(site), cloudFormationRoleName(site), sqlFunctionName(site)]),
    ...site.environments.flatMap((environment, index) =>
      tooLong(
        [...keys, 'environments', index],
        [
          migratorRoleName(environment),
          ...(site.databaseAdmins.length > 0 ? [migrationTaskRoleName(environment)] : []),
        ],
      ),
    ),
  ]);

const tooLong = (keys: Keys, names: readonly string[]): readonly Finding[] => {
  const longest = names.reduce((one, other) => (other.length > one.length ? other : one));
  return longest.length <= LONGEST
    ? []
    : [findingAt(keys, `${longest} would be named after it: ${longest.length} characters, where AWS takes ${LONGEST}`)];
};

/** What AWS holds only once: fixed names per region, roles per account, and a VPC's function. */
const clashes = (stages: ReadonlyMap<string, Stage>): readonly Finding[] => {
  const sites = sitesOf(stages);
  return [
    ...repeated(
      [...stages].map(([name, { account, region }]) => ({
        keys: [name, 'region'],
        is: `account ${account}, region ${region}`,
      })),
      (what, other) => `${what} already holds the control plane of ${other}, and the names are fixed`,
    ),
    ...repeated(
      sites.map(({ site, keys }) => ({ keys: [...keys, 'name'], is: `${site.name} in account ${site.account}` })),
      (what, other) => `cluster ${what} is declared twice (see ${other})`,
    ),
    ...repeated(
      sites.flatMap(({ site, keys }) =>
        site.environments.map((environment, index) => ({
          keys: [...keys, 'environments', index],
          is: `${environment} in account ${site.account}`,
        })),
      ),
      (what, other) => `environment ${what} is declared twice (see ${other}), and its roles are named after it`,
    ),
    ...sites.flatMap(({ site, keys }) => foreignRole(site, keys)),
    ...checkReach(sites),
  ];
};

/** ECS takes a role of the task's own account only. */
const foreignRole = ({ account, taskExecutionRole }: ClusterSite, keys: Keys): readonly Finding[] =>
  taskExecutionRole.split(':')[4] === account
    ? []
    : [findingAt([...keys, 'taskExecutionRole'], `is not a role of the cluster's account ${account}`)];

interface Placed {
  readonly keys: Keys;
  readonly is: string;
}

const repeated = (all: readonly Placed[], say: (what: string, other: string) => string): readonly Finding[] =>
  all.flatMap(({ keys, is }, index) => {
    const first = all.findIndex((other) => other.is === is);
    return first === index ? [] : [findingAt(keys, say(is, String(all[first]?.keys[0] ?? '')))];
  });

const sitesOf = (stages: ReadonlyMap<string, Stage>): readonly PlacedSite[] =>
  [...stages].flatMap(([name, { clusters }]) =>
    clusters.map((site, index) => ({ site, keys: [name, 'clusters', index] })),
  );
