import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { ContainerBeside, TaskDefinitionRequest } from '../../ports.ts';

/** Of the folder that a task's containers share. */
const SHARED = 'sockets';

/** What ECS registers: one container, or two that share a folder, of which the other one is started first. */
export const taskDefinition = (request: TaskDefinitionRequest): RegisterTaskDefinitionCommandInput => {
  const { family, executionRoleArn, taskRoleArn, beside } = request;
  return {
    family,
    ...networkOf(request),
    executionRoleArn,
    ...(taskRoleArn && { taskRoleArn }),
    containerDefinitions: [containerOf(request), ...(beside ? [besideOf(beside, request)] : [])],
    ...(beside && { volumes: [{ name: SHARED }] }),
  };
};

const networkOf = ({ fargate }: TaskDefinitionRequest) =>
  fargate
    ? {
        networkMode: 'awsvpc' as const,
        requiresCompatibilities: ['FARGATE' as const],
        cpu: String(fargate.cpu),
        memory: String(fargate.memory),
      }
    : { networkMode: 'bridge' as const, requiresCompatibilities: ['EC2' as const] };

const containerOf = (request: TaskDefinitionRequest) => ({
  name: request.container,
  image: request.image,
  ...(request.command && { command: [...request.command] }),
  cpu: request.cpu,
  memory: request.memory,
  essential: true,
  environment: variablesOf(request),
  secrets: Object.entries(request.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
  ...(request.beside && {
    mountPoints: mountPointsOf(request.beside),
    dependsOn: [{ containerName: request.beside.name, condition: 'START' as const }],
  }),
  logConfiguration: logOf(request.container, request),
});

/** Not essential: the task ends with its own container, and its exit code alone says how. */
const besideOf = (beside: ContainerBeside, request: TaskDefinitionRequest) => ({
  name: beside.name,
  image: beside.image,
  cpu: beside.cpu,
  memory: beside.memory,
  essential: false,
  environment: variablesOf(beside),
  mountPoints: mountPointsOf(beside),
  logConfiguration: logOf(beside.name, request),
});

const variablesOf = ({ environment }: Pick<ContainerBeside, 'environment'>) =>
  Object.entries(environment).map(([name, value]) => ({ name, value }));

const mountPointsOf = ({ folder }: ContainerBeside) => [{ sourceVolume: SHARED, containerPath: folder }];

const logOf = (container: string, { logGroup, region }: TaskDefinitionRequest) => ({
  logDriver: 'awslogs' as const,
  options: {
    'awslogs-group': logGroup,
    'awslogs-create-group': 'true',
    'awslogs-region': region,
    'awslogs-stream-prefix': container,
  },
});
