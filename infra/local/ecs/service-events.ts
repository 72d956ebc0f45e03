import type { CloudEvent } from '../part.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { DeploymentRecord, ServiceRecord } from './ecs-records.ts';

type DeploymentEvent = 'SERVICE_DEPLOYMENT_IN_PROGRESS' | 'SERVICE_DEPLOYMENT_COMPLETED' | 'SERVICE_DEPLOYMENT_FAILED';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
export const deploymentEvent = (
  service: ServiceRecord,
  deployment: DeploymentRecord,
  eventName: DeploymentEvent,
): CloudEvent => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Deployment State Change',
  resources: [service.arn],
  detail: {
    eventType: eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO',
    eventName,
    deploymentId: deployment.id,
    updatedAt: new Date(deployment.updatedAtMillis).toISOString(),
    reason: deployment.rolloutStateReason,
  },
});

const KINDS = {
  SERVICE_STEADY_STATE: 'INFO',
  SERVICE_TASK_START_IMPAIRED: 'WARN',
  SERVICE_TASK_PLACEMENT_FAILURE: 'ERROR',
} as const;

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html */
export const serviceAction = (
  arns: EcsArns,
  service: ServiceRecord,
  {
    name,
    atMillis,
    reason,
  }: { readonly name: keyof typeof KINDS; readonly atMillis: number; readonly reason?: string },
): CloudEvent => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Service Action',
  resources: [service.arn],
  detail: {
    eventType: KINDS[name],
    eventName: name,
    clusterArn: arns.cluster(service.clusterName),
    createdAt: new Date(atMillis).toISOString(),
    ...(reason ? { reason } : {}),
  },
});
