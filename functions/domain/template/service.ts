import type { Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import type { Rule } from './listener-rule.ts';
import { logicalIds, parameterNames } from './names.ts';
import { hasOwnInterface, serviceNetwork } from './network.ts';
import { routeTargets, targetGroupId } from './target-group.ts';

/** The ECS service of a runtime. It has no name of its own, so that CloudFormation can replace it when it must. */
export const service = (runtime: Runtime, rules: readonly Rule[], build: Build): Resources => {
  const targets = routeTargets(runtime);
  return {
    [logicalIds.service(runtime.name)]: {
      Type: 'AWS::ECS::Service',
      // ECS refuses a target group that no listener uses yet.
      ...(rules.length > 0 && { DependsOn: rules.map(({ id }) => id) }),
      Properties: {
        Cluster: ref('ECSCluster'),
        LaunchType: hasOwnInterface(build) ? 'FARGATE' : 'EC2',
        ...(hasOwnInterface(build) && { NetworkConfiguration: serviceNetwork(runtime, build) }),
        TaskDefinition: ref(logicalIds.taskDefinition(runtime.name)),
        DesiredCount: ref(parameterNames.desiredCount(runtime.name)),
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          // The old tasks stay until as many new ones are healthy.
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
        },
        PropagateTags: 'TASK_DEFINITION',
        ...(targets.length > 0 && {
          LoadBalancers: targets.map((target) => ({
            ContainerName: target.container,
            ContainerPort: target.port,
            TargetGroupArn: ref(targetGroupId(target, build)),
          })),
          // Time for a slow start before failed health checks count against a task.
          HealthCheckGracePeriodSeconds: 60,
        }),
      },
    },
  };
};
