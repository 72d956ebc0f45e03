import type { Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { fitted, logicalIds, parameterNames } from './names.ts';

/** The role that the tasks of a runtime act under: nothing but the policies the environment gives it by name. */
export const role = (runtime: Runtime, { stack, hash }: Build): Resources => {
  const policies = [...new Set(runtime.namedEnvPolicies)].sort();
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
        ...(policies.length > 0 && {
          ManagedPolicyArns: policies.map((policy) => ref(parameterNames.policy(runtime.name, policy, hash))),
        }),
      },
    },
  };
};
