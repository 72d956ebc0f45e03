import { generatedName } from '../generated-name.ts';
import type { ResourceProvider } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { camelCase } from './camel-case.ts';
import type { TaskDefinitionRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';

/** AWS::ECS::Cluster. */
export const clusterProvider = ({ clusters, services }: EcsState): ResourceProvider => {
  const resource = (name: string) => ({ physicalId: name, attributes: { Arn: clusters.get(name).arn } });
  return {
    create: async (request) => {
      const { clusterName, tags, clusterSettings } = camelCase(request.properties);
      const name: string = clusterName ?? generatedName(request, 255);
      clusters.make(name, { tags, settings: clusterSettings });
      return resource(name);
    },
    update: async ({ physicalId, properties }) => {
      const { tags = [], clusterSettings = [] } = camelCase(properties);
      clusters.put({ ...clusters.get(physicalId), tags, settings: clusterSettings });
      return resource(physicalId);
    },
    delete: async ({ physicalId }) => {
      const busy = services.all().some((one) => one.clusterName === physicalId && one.status === 'ACTIVE');
      if (busy)
        throw new AwsError(
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        );
      clusters.delete(physicalId);
    },
  };
};

/** AWS::ECS::TaskDefinition: every create is a new revision, delete takes it out of use. */
export const taskDefinitionProvider = ({ definitions }: EcsState): ResourceProvider => {
  const resource = ({ arn }: TaskDefinitionRecord) => ({ physicalId: arn, attributes: { TaskDefinitionArn: arn } });
  return {
    create: async (request) => {
      const input: Input = camelCase(request.properties);
      return resource(definitions.register({ ...input, family: input.family ?? generatedName(request, 255) }));
    },
    update: async ({ physicalId, properties, previous, logicalId }) => {
      const definition = definitions.find(physicalId);
      if (!definition) throw new AwsError('ClientException', 'Unable to describe task definition.');
      if (withoutTags(properties) !== withoutTags(previous))
        throw new Error(`${logicalId}: only the tags of a task definition change in place; this needs a new revision`);
      definitions.tag(definition, camelCase(properties).tags ?? []);
      return resource(definition);
    },
    delete: async ({ physicalId }) => {
      const definition = definitions.find(physicalId);
      if (definition?.status === 'ACTIVE') definitions.deregister(definition);
    },
  };
};

const withoutTags = ({ Tags: _changeable, ...properties }: Input): string => JSON.stringify(properties);
