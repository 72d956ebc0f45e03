import { AwsError, type Operation } from '../wire/service.ts';
import { nameOf } from './ecs-arns.ts';
import type { Tag } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';

interface Tagged {
  readonly tags: readonly Tag[];
  save(tags: readonly Tag[]): void;
}

export const tagOperations = (state: EcsState): Readonly<Record<string, Operation>> => {
  const resources = ({ resourceArn }: { resourceArn: string }) => [resourceArn];
  const get = (arn: string): Tagged => {
    const tagged = findTagged(state, arn);
    if (!tagged) throw new AwsError('InvalidParameterException', `The specified resource ${arn} was not found.`);
    return tagged;
  };
  return {
    TagResource: {
      resources,
      run: ({ resourceArn, tags }) => {
        const tagged = get(resourceArn);
        const added: readonly Tag[] = tags;
        tagged.save([...tagged.tags.filter(({ key }) => !added.some((tag) => tag.key === key)), ...added]);
        return {};
      },
    },
    UntagResource: {
      resources,
      run: ({ resourceArn, tagKeys }) => {
        const tagged = get(resourceArn);
        tagged.save(tagged.tags.filter(({ key }) => !tagKeys.includes(key)));
        return {};
      },
    },
    ListTagsForResource: { resources, run: ({ resourceArn }) => ({ tags: get(resourceArn).tags }) },
  };
};

const findTagged = ({ clusters, services, tasks, definitions }: EcsState, arn: string): Tagged | undefined => {
  const [, kind, clusterName = ''] = /^arn:aws:ecs:[^:]*:[^:]*:([^/]+)\/([^/]+)/.exec(arn) ?? [];
  switch (kind) {
    case 'task-definition': {
      const definition = definitions.find(arn);
      return definition && { tags: definition.tags, save: (tags) => definitions.tag(definition, tags) };
    }
    case 'cluster': {
      const cluster = clusters.find(arn);
      return cluster && { tags: cluster.tags, save: (tags) => clusters.put({ ...cluster, tags }) };
    }
    case 'service': {
      const service = services.find(clusterName, nameOf(arn));
      return service && { tags: service.tags, save: (tags) => void services.put({ ...service, tags }) };
    }
    case 'task': {
      const task = tasks.find(arn);
      return task && { tags: task.tags, save: (tags) => void tasks.change(arn, { tags }) };
    }
    default:
      return undefined;
  }
};
