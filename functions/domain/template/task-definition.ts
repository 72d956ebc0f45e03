import type { Container } from '../application/container.ts';
import type { Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { imageOf, sizeOf } from './image.ts';
import { fitted, logGroupName, logicalIds } from './names.ts';
import { routeTargets } from './target-group.ts';
import { containerVariables } from './variables.ts';

/** One task definition for a runtime: every container is essential, EC2 in bridge mode as the original deployer runs it. */
export const taskDefinition = (runtime: Runtime, build: Build): Resources => ({
  [logicalIds.taskDefinition(runtime.name)]: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      Family: fitted(`${build.stack}_${runtime.name}`, 255, build.hash),
      NetworkMode: 'bridge',
      RequiresCompatibilities: ['EC2'],
      ExecutionRoleArn: ref('ECSTaskExecutionRole'),
      TaskRoleArn: { 'Fn::GetAtt': [logicalIds.role(runtime.name), 'Arn'] },
      ContainerDefinitions: runtime.containers.map((container) => containerDefinition(container, runtime, build)),
      Tags: [
        { Key: 'o5-deployment-version', Value: ref('VersionTag') },
        { Key: 'o5-source', Value: ref('SourceTag') },
      ],
    },
  },
});

const containerDefinition = (container: Container, runtime: Runtime, build: Build) => {
  const { cpu, memory } = sizeOf(container, build);
  const ports = portsOf(container, runtime);
  return {
    Name: container.name,
    Image: imageOf(container, build),
    ...(container.command && { Command: container.command }),
    Essential: true,
    Cpu: cpu,
    MemoryReservation: memory,
    ...containerVariables(container, build),
    // Host port 0: bridge mode picks a free one, and the target group learns it.
    ...(ports.length > 0 && {
      PortMappings: ports.map((port) => ({ ContainerPort: port, HostPort: 0, Protocol: 'tcp' })),
    }),
    LogConfiguration: {
      LogDriver: 'awslogs',
      Options: {
        'awslogs-group': logGroupName(build.environment.fullName, build.application.name, container.name),
        'awslogs-create-group': 'true',
        'awslogs-region': ref('AWS::Region'),
        // Two runtimes may have a container of the same name, and then share the group.
        'awslogs-stream-prefix': runtime.name,
      },
    },
  };
};

const portsOf = (container: Container, runtime: Runtime) => {
  const ports = routeTargets(runtime).filter((target) => target.container === container.name);
  return [...new Set(ports.map(({ port }) => port))].sort((a, b) => a - b);
};
