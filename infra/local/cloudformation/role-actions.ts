import { generatedName, letters } from '../generated-name.ts';
import type { Properties } from '../part.ts';
import type { Needed } from '../wire/service.ts';
import type { Verb } from './engine/context.ts';

/** One resource operation under a service role. */
export interface RoleQuestion {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly seed: string;
  readonly verb: Verb;
  readonly type: string;
  readonly properties: Properties;
  readonly physicalId: string | undefined;
}

/** What a service role must be allowed for one operation on a resource; empty for a type that is not in the table. */
export const neededOfRole = (question: RoleQuestion): readonly Needed[] => {
  const row = ROWS[question.type];
  const action = row?.[question.verb];
  if (!row || !action) return [];
  const boundary = question.properties['PermissionsBoundary'];
  const context = typeof boundary === 'string' ? { context: { 'iam:PermissionsBoundary': boundary } } : {};
  return [
    { action: `${row.service}:${action}`, resources: [resourceOf(row, question)], ...context },
    ...(question.verb === 'delete' ? [] : passedRoles(row, question.properties)),
  ];
};

interface Row {
  readonly service: string;
  readonly create: string;
  /** Empty: AWS has no single call for it, so it is not checked. */
  readonly update: string;
  readonly delete: string;
  /** What follows `arn:aws:`; `{}` is the name. None: the actions take no resource. */
  readonly arn?: string;
  /** Property of the template's own name. */
  readonly name?: string;
  /** Properties that hold roles to be passed, and to whom. */
  readonly passes?: Readonly<Record<string, string>>;
}

const row = (service: string, actions: string, arn?: string, name?: string, passes?: Row['passes']): Row => {
  const [create = '', update = '', remove = ''] = actions.split(' ').map((action) => (action === '-' ? '' : action));
  return {
    service,
    create,
    update,
    delete: remove,
    ...(arn && { arn }),
    ...(name && { name }),
    ...(passes && { passes }),
  };
};

const TASK_ROLES = { TaskRoleArn: 'ecs-tasks.amazonaws.com', ExecutionRoleArn: 'ecs-tasks.amazonaws.com' };
const ELB = 'elasticloadbalancing';
const RP = '{region}:{account}';

// Actions and resource forms: https://docs.aws.amazon.com/service-authorization/latest/reference/
const ROWS: Readonly<Record<string, Row>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': row(
    'application-autoscaling',
    'RegisterScalableTarget RegisterScalableTarget DeregisterScalableTarget',
  ),
  'AWS::ApplicationAutoScaling::ScalingPolicy': row(
    'application-autoscaling',
    'PutScalingPolicy PutScalingPolicy DeleteScalingPolicy',
  ),
  'AWS::CloudWatch::Alarm': row(
    'cloudwatch',
    'PutMetricAlarm PutMetricAlarm DeleteAlarms',
    `cloudwatch:${RP}:alarm:{}`,
    'AlarmName',
  ),
  'AWS::DynamoDB::Table': row(
    'dynamodb',
    'CreateTable UpdateTable DeleteTable',
    `dynamodb:${RP}:table/{}`,
    'TableName',
  ),
  'AWS::EC2::SecurityGroup': row('ec2', 'CreateSecurityGroup - DeleteSecurityGroup'),
  'AWS::EC2::SecurityGroupIngress': row('ec2', 'AuthorizeSecurityGroupIngress - RevokeSecurityGroupIngress'),
  'AWS::ECS::Cluster': row('ecs', 'CreateCluster UpdateCluster DeleteCluster', `ecs:${RP}:cluster/{}`, 'ClusterName'),
  'AWS::ECS::Service': row(
    'ecs',
    'CreateService UpdateService DeleteService',
    `ecs:${RP}:service/{cluster}/{}`,
    'ServiceName',
  ),
  'AWS::ECS::TaskDefinition': row(
    ...([
      'ecs',
      'RegisterTaskDefinition - DeregisterTaskDefinition',
      `ecs:${RP}:task-definition/{}:*`,
      'Family',
    ] as const),
    TASK_ROLES,
  ),
  'AWS::ElasticLoadBalancingV2::ListenerRule': row(
    ELB,
    'CreateRule ModifyRule DeleteRule',
    `${ELB}:${RP}:listener-rule/{}`,
  ),
  'AWS::ElasticLoadBalancingV2::TargetGroup': row(
    ELB,
    'CreateTargetGroup ModifyTargetGroup DeleteTargetGroup',
    `${ELB}:${RP}:targetgroup/{}/0123456789abcdef`,
    'Name',
  ),
  'AWS::Events::Rule': row('events', 'PutRule PutRule DeleteRule', `events:${RP}:rule/{}`, 'Name'),
  'AWS::IAM::ManagedPolicy': row(
    'iam',
    'CreatePolicy CreatePolicyVersion DeletePolicy',
    'iam::{account}:policy{path}{}',
    'ManagedPolicyName',
  ),
  'AWS::IAM::Role': row('iam', 'CreateRole UpdateRole DeleteRole', 'iam::{account}:role{path}{}', 'RoleName'),
  'AWS::Lambda::Function': row(
    ...([
      'lambda',
      'CreateFunction UpdateFunctionConfiguration DeleteFunction',
      `lambda:${RP}:function:{}`,
      'FunctionName',
    ] as const),
    { Role: 'lambda.amazonaws.com' },
  ),
  'AWS::Logs::LogGroup': row(
    'logs',
    'CreateLogGroup PutRetentionPolicy DeleteLogGroup',
    `logs:${RP}:log-group:{}`,
    'LogGroupName',
  ),
  'AWS::S3::Bucket': row('s3', 'CreateBucket - DeleteBucket', 's3:::{}', 'BucketName'),
  'AWS::SecretsManager::Secret': row(
    'secretsmanager',
    'CreateSecret UpdateSecret DeleteSecret',
    `secretsmanager:${RP}:secret:{raw}-{six}`,
    'Name',
  ),
  'AWS::SNS::Topic': row('sns', 'CreateTopic SetTopicAttributes DeleteTopic', `sns:${RP}:{}`, 'TopicName'),
  'AWS::SQS::Queue': row('sqs', 'CreateQueue SetQueueAttributes DeleteQueue', `sqs:${RP}:{}`, 'QueueName'),
  'AWS::SSM::Parameter': row('ssm', 'PutParameter PutParameter DeleteParameter', `ssm:${RP}:parameter/{}`, 'Name'),
  'AWS::StepFunctions::StateMachine': row(
    ...([
      'states',
      'CreateStateMachine UpdateStateMachine DeleteStateMachine',
      `states:${RP}:stateMachine:{}`,
      'StateMachineName',
    ] as const),
    { RoleArn: 'states.amazonaws.com' },
  ),
};

const resourceOf = ({ arn, name, delete: remove }: Row, question: RoleQuestion): string => {
  const { verb, properties, physicalId, region, account, seed } = question;
  // Deregistering takes no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
  if (!arn || (verb === 'delete' && remove === 'DeregisterTaskDefinition')) return '*';
  if (physicalId?.startsWith('arn:')) return physicalId;
  const cluster =
    String(properties['Cluster'] ?? 'default')
      .split('/')
      .at(-1) ?? 'default';
  const named = physicalId ?? (name === undefined ? undefined : properties[name]) ?? generatedName(question, 64);
  const places: Readonly<Record<string, string>> = {
    ...{ region, account, cluster, '': String(named).replace(/^\//, '') },
    // The names of secrets keep their leading slash in the ARN.
    raw: String(named),
    path: String(properties['Path'] ?? '/'),
    six: letters(seed, 6),
  };
  return `arn:aws:${arn.replace(/\{(\w*)\}/g, (whole, key: string) => places[key] ?? whole)}`;
};

const passedRoles = ({ passes = {} }: Row, properties: Properties): readonly Needed[] =>
  Object.entries(passes).flatMap(([property, service]) => {
    const role = properties[property];
    if (typeof role !== 'string' || !role.startsWith('arn:')) return [];
    return [{ action: 'iam:PassRole', resources: [role], context: { 'iam:PassedToService': service } }];
  });
