import type { ResourceChange } from '../../functions/domain/plan/plan.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import type { ClusterPorts } from '../../functions/ports.ts';
import type { MemorySlipway } from './memory-slipway.ts';

/** Allowed by every plan and by every step. */
export const onlyACount: ResourceChange = {
  logicalId: 'ECSServiceMain',
  type: 'AWS::ECS::Service',
  action: 'Modify',
  replacement: 'False',
  properties: ['DesiredCount'],
  dynamic: false,
};

/** Something to import for whoever imports. */
export const template: Template = {
  Resources: { Photos: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'photos' } } },
};

export interface RouteClouds {
  readonly aws: ClusterPorts;
  /** New tasks take the place of the old ones of a service that was restarted; false when none was. */
  roll(): boolean;
}

const SERVICE = 'arn:aws:ecs:eu-central-1:000000000000:service/main/shop';

/** The clouds of the memory with one service, whose change sets change nothing but its count. */
export const routeClouds = (aws: ClusterPorts): RouteClouds => {
  let rollout = 1;
  let restarting = false;
  return {
    aws: {
      ...aws,
      stacks: {
        ...aws.stacks,
        resources: async () => ({ ECSServiceMain: { type: 'AWS::ECS::Service', physicalId: SERVICE } }),
        prepare: async (request) => ({
          ...(await aws.stacks.prepare(request)),
          changes: request.imports?.map((each) => ({ ...onlyACount, ...each, action: 'Import' })) ?? [onlyACount],
        }),
      },
      tasks: {
        ...aws.tasks,
        rollouts: async () => [{ serviceArn: SERVICE, id: `ecs-svc/${rollout}`, primary: true, failed: false }],
        restart: async () => {
          restarting = true;
        },
      },
    },
    roll: () => {
      const rolls = restarting;
      if (rolls) rollout += 1;
      restarting = false;
      return rolls;
    },
  };
};

/** A stack and a database that an earlier deployment has made. */
export const madeBefore = async ({ ports, stacks }: MemorySlipway): Promise<void> => {
  await createStack({ ports }, 'an earlier deployment');
  for (const end of stacks.underWay()) end();
  await ports.databases.put({
    environment: 'prod',
    databaseName: 'prod_shop_main',
    application: 'shop',
    key: 'main',
    serverGroup: 'default',
    secretArn: 'arn:secret',
    migratorSecretArn: 'arn:migrator',
    login: 'prod_shop_main_1',
  });
};

export const createStack = ({ ports }: Pick<MemorySlipway, 'ports'>, token: string): Promise<void> =>
  ports.inCluster({ name: 'main' } as never).stacks.createEmpty('prod-shop', token);
