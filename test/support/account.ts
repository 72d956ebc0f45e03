import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeServicesCommand,
  ECSClient,
  ListServicesCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { Cloud } from '../../infra/local/cloud.ts';
import { until } from './until.ts';

type Resources = Readonly<Record<string, object>>;

export interface Account {
  /** Ids of everything that ever happened to a CloudFormation stack, newest first. */
  happenedTo(stackName: string): Promise<readonly (string | undefined)[]>;
  stackStatus(stackName: string): Promise<string | undefined>;
  /** Begins an update of one's own: parameters that change, and resources that are added. */
  updateStack(
    stackName: string,
    changes: { readonly parameters?: Readonly<Record<string, string>>; readonly resources?: Resources },
  ): Promise<void>;
  stackUpdated(stackName: string): Promise<unknown>;
  /** The ECS services of a stack. */
  services(stackName: string): Promise<readonly Service[]>;
  scale(service: Service | undefined, desiredCount: number): Promise<void>;
}

/** The AWS account as its owner sees and moves it, past Slipway. */
export const accountOf = (cloud: Pick<Cloud, 'endpoint' | 'region'>): Account => {
  const cloudFormation = new CloudFormationClient(clientSettings(cloud));
  const ecs = new ECSClient(clientSettings(cloud));
  const cluster = 'local';
  const describe = async (StackName: string) =>
    (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];
  const stackStatus = async (stackName: string) => (await describe(stackName))?.StackStatus;
  return {
    stackStatus,
    happenedTo: async (StackName) => {
      const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.map(({ EventId }) => EventId);
    },
    updateStack: async (StackName, { parameters = {}, resources = {} }) => {
      const { TemplateBody = '{}' } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
      const template = JSON.parse(TemplateBody) as { readonly Resources: Resources };
      await cloudFormation.send(
        new UpdateStackCommand({
          StackName,
          TemplateBody: JSON.stringify({ ...template, Resources: { ...template.Resources, ...resources } }),
          Capabilities: ['CAPABILITY_NAMED_IAM'],
          Parameters: (await describe(StackName))?.Parameters?.map(({ ParameterKey = '' }) =>
            parameters[ParameterKey] === undefined
              ? { ParameterKey, UsePreviousValue: true }
              : { ParameterKey, ParameterValue: parameters[ParameterKey] },
          ),
        }),
      );
    },
    stackUpdated: (stackName) =>
      until(
        `the end of the update of ${stackName}`,
        async () => (await stackStatus(stackName)) === 'UPDATE_COMPLETE',
        async () => `it stands at ${await stackStatus(stackName)}`,
      ),
    services: async (stackName) => {
      const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }));
      const services = serviceArns.filter((arn) => arn.includes(`/${stackName}-`));
      return services.length === 0
        ? []
        : ((await ecs.send(new DescribeServicesCommand({ cluster, services }))).services ?? []);
    },
    scale: async (service, desiredCount) => {
      await ecs.send(new UpdateServiceCommand({ cluster, service: service?.serviceArn, desiredCount }));
    },
  };
};
