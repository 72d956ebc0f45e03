import type { Runtime } from '../application/runtime.ts';
import { bucketStatements } from './bucket-access.ts';
import { type Build, type Resources, ref } from './build.ts';
import { databaseStatements } from './database-access.ts';
import { dockerStatements } from './docker-socket.ts';
import { fitted, logicalIds, parameterNames } from './names.ts';
import { publishStatements } from './publish.ts';
import { queueStatements } from './queue.ts';
import type { RoleStatement } from './statement.ts';

/** The role that the tasks of a runtime act under: what the environment gives it by name, and what its features need. */
export const role = (runtime: Runtime, build: Build): Resources => {
  const { stack, hash } = build;
  const named = [...new Set(runtime.namedEnvPolicies)].sort();
  const inline = inlinePolicies(runtime, build);
  return {
    [logicalIds.role(runtime.name)]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: fitted(`${stack}-${runtime.name}`, 64, hash),
        // The service role makes no role without it: infra/aws/service-statements.ts.
        PermissionsBoundary: ref('PermissionsBoundary'),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        ...(inline.length > 0 && { Policies: inline }),
        ...(named.length > 0 && {
          ManagedPolicyArns: named.map((policy) => ref(parameterNames.policy(runtime.name, policy, hash))),
        }),
      },
    },
  };
};

/** One policy for each kind of right, by name. */
const inlinePolicies = (runtime: Runtime, build: Build) => {
  const byPolicy = new Map<string, RoleStatement[]>();
  for (const statement of statementsOf(runtime, build))
    byPolicy.set(statement.policy, [...(byPolicy.get(statement.policy) ?? []), statement]);
  return [...byPolicy]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([policy, statements]) => ({
      PolicyName: policyName(policy, runtime, build),
      PolicyDocument: { Version: '2012-10-17', Statement: statements.map(statementOf) },
    }));
};

const statementsOf = (runtime: Runtime, build: Build): readonly RoleStatement[] => [
  ...bucketStatements(runtime, build),
  ...databaseStatements(runtime, build),
  ...dockerStatements(runtime),
  ...publishStatements(runtime, build),
  ...queueStatements(runtime),
];

/** As the original names them; IAM takes 128 characters. */
const policyName = (policy: string, { name }: Runtime, { environment, stack, hash }: Build) =>
  fitted(`${environment.fullName}-${stack}_${name}-${policy}`, 128, hash);

const statementOf = ({ actions, resources, condition }: RoleStatement) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition && { Condition: condition }),
});
