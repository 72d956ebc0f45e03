import { generatedName } from '../generated-name.ts';
import { type Resource, ResourceFailure, type ResourceProvider, type ResourceRequest } from '../part.ts';
import type { Input } from '../wire/service.ts';
import { camelCase } from './camel-case.ts';
import { primaryOf } from './deployments.ts';
import { nameOf } from './ecs-arns.ts';
import type { ServiceRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import type { ServiceChanges } from './service-changes.ts';

/** CloudFormation gives a service three hours: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html */
const STABLE_WITHIN_MILLIS = 3 * 3_600_000;

/** AWS::ECS::Service: create and update last until the service is steady or its circuit breaker opens. */
export const serviceProvider = (state: EcsState, changes: ServiceChanges): ResourceProvider => {
  const { timers, clusters, services } = state;

  const steady = async (service: ServiceRecord, signal: AbortSignal): Promise<Resource> => {
    const { id } = primaryOf(service);
    const limit = new AbortController();
    const key = `stable ${service.arn}`;
    timers.set(key, STABLE_WITHIN_MILLIS, () => limit.abort(new Error(`Service ${service.arn} did not stabilize.`)));
    const ends = AbortSignal.any([signal, limit.signal]);
    const outcome = await services.when(service, (now) => outcomeOf(now, id), ends).finally(() => timers.cancel(key));
    if (outcome.kind === 'failed') throw new Error(outcome.reason);
    return { physicalId: service.arn, attributes: { ServiceArn: service.arn, Name: service.name } };
  };

  return {
    create: async (request) => {
      const input = inputOf(request);
      const known = services.find(clusters.get(input.cluster).name, input.serviceName);
      const isOurs = known?.status === 'ACTIVE' && known.seed === request.seed;
      const service = isOurs
        ? changes.update({ ...input, service: input.serviceName })
        : changes.create(input, request.seed);
      // The service is there, whatever becomes of its tasks: a rollback has to delete it.
      return steady(service, request.signal).catch((error: unknown) => {
        throw new ResourceFailure(error instanceof Error ? error.message : String(error), service.arn);
      });
    },
    update: async (request) => {
      const service = changes.update({ ...inputOf(request), service: nameOf(request.physicalId) });
      return steady(service, request.signal);
    },
    delete: async ({ properties, physicalId, signal }) => {
      const { cluster } = camelCase(properties);
      const found = clusters.find(cluster);
      const service = found && services.find(found.name, nameOf(physicalId));
      if (!service || service.status === 'INACTIVE') return;
      if (service.status === 'ACTIVE') changes.delete(cluster, service.name, true);
      await services.when(service, (now) => now.status === 'INACTIVE' || undefined, signal);
    },
  };
};

const inputOf = (request: ResourceRequest): Input => {
  const input = camelCase(request.properties);
  return { ...input, serviceName: input.serviceName ?? generatedName(request, 255) };
};

type Outcome = { readonly kind: 'steady' } | { readonly kind: 'failed'; readonly reason: string };

const outcomeOf = (service: ServiceRecord, deploymentId: string): Outcome | undefined => {
  if (service.failedDeploymentIds.includes(deploymentId))
    return {
      kind: 'failed',
      reason: "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.",
    };
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.id !== deploymentId)
    return { kind: 'failed', reason: `Service ${service.arn} was changed by another deployment meanwhile` };
  return service.steady ? { kind: 'steady' } : undefined;
};
