import type { Stack } from 'aws-cdk-lib';
import { boundaryName } from './names.ts';
import type { ClusterSite } from './stage.ts';

/** Resources, and what has to hold of the call. */
export interface Place {
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** By action; `{service}:*` stands for the service's other actions. */
export type Places = Readonly<Record<string, readonly Place[]>>;

/** Where CloudFormation may call what, for one cluster: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export const servicePlaces = (stack: Stack, site: ClusterSite): Places => {
  const of: Of = (service, resource) => `arn:aws:${service}:${stack.region}:${stack.account}:${resource}`;
  return {
    ...securityGroups(of, site),
    ...tasksAndServices(of, site),
    ...balancing(of),
    ...roles(stack.account, site),
    ...messages(of, site),
    // Buckets are `{blobstore}.{application}.{environment}.{region}.{namespace}`.
    's3:*': [{ resources: site.environments.map((name) => `arn:aws:s3:::*.${name}.${stack.region}.*`) }],
    'secretsmanager:*': [{ resources: site.environments.map((name) => of('secretsmanager', `secret:/${name}/*`)) }],
  };
};

type Of = (service: string, resource: string) => string;

const everything: Place = { resources: ['*'] };

const securityGroups = (of: Of, { environments, network }: ClusterSite): Places => {
  const group = of('ec2', 'security-group/*');
  // CloudFormation puts the name of the stack on what it makes: groups of anybody else are out of reach.
  const stacks = environments.map((environment) => `${environment}-*`);
  const own = {
    resources: [group],
    conditions: { StringLike: { 'aws:ResourceTag/aws:cloudformation:stack-name': stacks } },
  };
  const any = { resources: [group] };
  return {
    'ec2:CreateSecurityGroup': [{ resources: [group, of('ec2', `vpc/${network.vpcId}`)] }],
    'ec2:CreateTags': [any],
    // A new group may get its rules before its tags.
    'ec2:AuthorizeSecurityGroupIngress': [any],
    'ec2:RevokeSecurityGroupIngress': [own],
    'ec2:DeleteSecurityGroup': [own],
    'ec2:*': [everything],
  };
};

/** CloudFormation names services after their stack, and the builder the families of task definitions. */
const tasksAndServices = (of: Of, { environments }: ClusterSite): Places => {
  const named = (resource: (environment: string) => string): Place => ({
    resources: environments.map((environment) => of('ecs', resource(environment))),
  });
  const services = named((environment) => `service/*/${environment}-*`);
  const taskDefinitions = named((environment) => `task-definition/${environment}-*`);
  const deployments = named((environment) => `service-deployment/*/${environment}-*`);
  return {
    'ecs:RegisterTaskDefinition': [everything],
    'ecs:DeregisterTaskDefinition': [everything],
    'ecs:DescribeTaskDefinition': [everything],
    'ecs:TagResource': [services, taskDefinitions],
    'ecs:ListTagsForResource': [services, taskDefinitions],
    'ecs:DescribeServiceDeployments': [deployments],
    'ecs:StopServiceDeployment': [deployments],
    'ecs:*': [services],
  };
};

/** Names of 32 characters are too short for CloudFormation to begin them with the whole name of a stack. */
const balancing = (of: Of): Places => {
  const service = 'elasticloadbalancing';
  const targetGroups = { resources: [of(service, 'targetgroup/*')] };
  const rules = { resources: [of(service, 'listener-rule/*')] };
  const described = ['Rules', 'Tags', 'TargetGroups', 'TargetGroupAttributes', 'TargetHealth'];
  return {
    ...Object.fromEntries(described.map((what) => [`${service}:Describe${what}`, [everything]])),
    [`${service}:CreateRule`]: [{ resources: [of(service, 'listener/*')] }],
    [`${service}:ModifyRule`]: [rules],
    [`${service}:SetRulePriorities`]: [rules],
    [`${service}:DeleteRule`]: [rules],
    [`${service}:AddTags`]: [rules, targetGroups],
    [`${service}:*`]: [targetGroups],
  };
};

/** Queues and rules are named after their stack, topics of the infrastructure after the cluster. */
const messages = (of: Of, { name, environments, eventBus }: ClusterSite): Places => {
  const queues = { resources: environments.map((environment) => of('sqs', `${environment}-*`)) };
  // Subscriptions are no resources: SNS asks about their topic, although AWS's list of its actions names nothing.
  const topics = { resources: [of('sns', `${name}-*`)] };
  const toOwnQueues = {
    ...topics,
    conditions: { StringEquals: { 'sns:Protocol': 'sqs' }, StringLike: { 'sns:Endpoint': queues.resources } },
  };
  // The ARN of a rule names its bus, but for the default one.
  const bus = eventBus === 'default' ? '' : `${eventBus}/`;
  const rules = { resources: environments.map((environment) => of('events', `rule/${bus}${environment}-*`)) };
  return {
    'sqs:*': [queues],
    'sns:Subscribe': [toOwnQueues],
    'sns:*': [topics],
    'events:*': eventBus ? [rules] : [],
  };
};

/** Only under an environment's prefix, within the boundary and for ECS alone; besides their own, only policies that were named. */
const roles = (account: string, site: ClusterSite): Places => {
  const own = site.environments.map((environment) => `arn:aws:iam::${account}:role/${environment}-*`);
  const boundary = { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/${boundaryName(site)}` };
  const bounded = { resources: own, conditions: { StringEquals: boundary } };
  const attachable = {
    ...bounded,
    conditions: { ...bounded.conditions, ArnEquals: { 'iam:PolicyARN': site.policies } },
  };
  const known = [...own, site.taskExecutionRole];
  return {
    'iam:CreateRole': [bounded],
    'iam:PutRolePermissionsBoundary': [bounded],
    // What stands in the role itself ends at the boundary too.
    'iam:PutRolePolicy': [bounded],
    'iam:AttachRolePolicy': site.policies.length > 0 ? [attachable] : [],
    'iam:GetRole': [{ resources: known }],
    'iam:PassRole': [
      { resources: known, conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } },
    ],
    'iam:*': [{ resources: own }],
  };
};
