import type { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { userPrefix } from './names.ts';
import type { ClusterSite } from './stage.ts';

// Who may log in to database servers with tokens of IAM, by server and user:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html

/** The administrators themselves: for the function that speaks SQL, which signs their tokens. */
export const adminStatements = (stack: Stack, site: ClusterSite): PolicyStatement[] =>
  site.databaseAdmins.length === 0 ? [] : [connect(adminsOf(stack, site))];

/**
 * The users of one environment's databases, for its migrations: no environment's name begins with that of another
 * (check-reach.ts), so that none of them is anybody else's. The administrators may be called like them, and are denied.
 */
export const migrationStatements = (stack: Stack, site: ClusterSite, environment: string): PolicyStatement[] => [
  connect(serversOf(site).map((server) => userArn(stack, `${server}/${userPrefix(environment)}*`))),
  denyAdmins(stack, site),
];

/**
 * The most that applications may: users of their cluster's environments, on the servers of its administrators where there
 * are any. Other servers are denied and not left out, since a boundary has no room for every environment on every server.
 */
export const applicationStatements = (stack: Stack, site: ClusterSite): PolicyStatement[] => {
  const users = site.environments.map((environment) => userArn(stack, `*/${userPrefix(environment)}*`));
  const others = new PolicyStatement({
    effect: Effect.DENY,
    actions: CONNECT,
    notResources: serversOf(site).map((server) => userArn(stack, `${server}/*`)),
  });
  return [connect(users), ...(site.databaseAdmins.length > 0 ? [others, denyAdmins(stack, site)] : [])];
};

const adminsOf = (stack: Stack, { databaseAdmins }: ClusterSite) =>
  databaseAdmins.map((admin) => userArn(stack, admin));

/** Resource ids: one server may have several administrators. */
const serversOf = ({ databaseAdmins }: ClusterSite): readonly string[] => [
  ...new Set(databaseAdmins.map((admin) => admin.slice(0, admin.indexOf('/')))),
];

const userArn = ({ region, account }: Stack, user: string) => `arn:aws:rds-db:${region}:${account}:dbuser:${user}`;

const CONNECT = ['rds-db:connect'];

const connect = (resources: readonly string[], effect = Effect.ALLOW) =>
  new PolicyStatement({ effect, actions: CONNECT, resources: [...resources] });

const denyAdmins = (stack: Stack, site: ClusterSite) => connect(adminsOf(stack, site), Effect.DENY);
