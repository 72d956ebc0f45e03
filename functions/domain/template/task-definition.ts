import type { Container } from '../application/container.ts';
import type { Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { imageOf, sizeOf } from './image.ts';
import { logConfiguration } from './log-configuration.ts';
import { fitted, logicalIds } from './names.ts';
import { hasOwnInterface } from './network.ts';
import { portMappings } from './port-mappings.ts';
import { hasSidecar, sidecar } from './sidecar.ts';
import { usesAdapter } from './sidecar-duties.ts';
import { SIDECAR } from './sidecar-names.ts';
import { taskSize } from './task-size.ts';
import { containerVariables } from './variables.ts';
import { mountPoints, volumes } from './volumes.ts';

/** One task definition for a runtime: every container is essential; EC2 in bridge mode as the original deployer runs it. */
export const taskDefinition = (runtime: Runtime, build: Build): Resources => ({
  [logicalIds.taskDefinition(runtime.name)]: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      Family: fitted(`${build.stack}_${runtime.name}`, 255, build.hash),
      NetworkMode: hasOwnInterface(build) ? 'awsvpc' : 'bridge',
      RequiresCompatibilities: [hasOwnInterface(build) ? 'FARGATE' : 'EC2'],
      ...taskSize(runtime, build),
      ExecutionRoleArn: ref('ECSTaskExecutionRole'),
      TaskRoleArn: { 'Fn::GetAtt': [logicalIds.role(runtime.name), 'Arn'] },
      ContainerDefinitions: [
        ...runtime.containers.map((container) => containerDefinition(container, runtime, build)),
        ...(hasSidecar(runtime, build) ? [sidecar(runtime, build)] : []),
      ],
      ...volumes(runtime, build),
      Tags: [
        { Key: 'o5-deployment-version', Value: ref('VersionTag') },
        { Key: 'o5-source', Value: ref('SourceTag') },
      ],
    },
  },
});

const containerDefinition = (container: Container, runtime: Runtime, build: Build) => {
  const { cpu, memory } = sizeOf(container, build);
  return {
    Name: container.name,
    Image: imageOf(container, build),
    ...(container.command && { Command: container.command }),
    Essential: true,
    Cpu: cpu,
    MemoryReservation: memory,
    ...containerVariables(container, build),
    ...(usesAdapter(container) && !hasOwnInterface(build) && { Links: [`${SIDECAR}:${SIDECAR}`] }),
    ...mountPoints(container, runtime, build),
    ...portMappings(container.name, runtime, build),
    LogConfiguration: logConfiguration(container.name, runtime, build),
  };
};
