/** A type of the table: what its handler calls, and on what. */
export interface HandlerRow {
  /** Full names of the actions; empty where AWS has no single call for it, so that it is not checked. */
  readonly create: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
  /** What follows `arn:aws:`; `{}` is the name. None: the actions take no resource. */
  readonly arn?: string;
  /** Property of the template's own name. */
  readonly name?: string;
  /** Properties that hold roles to be passed, and to whom. */
  readonly passes?: Readonly<Record<string, string>>;
}

/** `actions`: those of create, update and delete, one word each; calls of one word are joined by `+`, and `-` is none. */
const row = (
  service: string,
  actions: string,
  arn?: string,
  name?: string,
  passes?: HandlerRow['passes'],
): HandlerRow => {
  const [create = [], update = [], remove = []] = actions.split(' ').map((word) => {
    const calls = word === '-' ? [] : word.split('+');
    return calls.map((call) => (call.includes(':') ? call : `${service}:${call}`));
  });
  return {
    create: [...create, ...(passes && !create.includes('iam:PassRole') ? ['iam:PassRole'] : [])],
    update: [...update, ...(passes && update.length > 0 ? ['iam:PassRole'] : [])],
    delete: remove,
    ...(arn && { arn }),
    ...(name && { name }),
    ...(passes && { passes }),
  };
};

const TASK_ROLES = { TaskRoleArn: 'ecs-tasks.amazonaws.com', ExecutionRoleArn: 'ecs-tasks.amazonaws.com' };
const ELB = 'elasticloadbalancing';
const RP = '{region}:{account}';

const SERVICE_READS = 'DescribeServices+ListServiceDeployments+DescribeServiceDeployments';
const TARGET_GROUP_READS = 'DescribeTargetGroups+DescribeTargetGroupAttributes+DescribeTargetHealth+DescribeTags';
const ROLE_READS = 'GetRole+ListAttachedRolePolicies+ListRolePolicies';
const RULE_READS = 'DescribeRule+ListTargetsByRule';
const BUCKET_READS =
  'ListBucket+GetEncryptionConfiguration+GetBucketPublicAccessBlock+GetBucketOwnershipControls+GetBucketNotification+GetBucketTagging';
const BUCKET_SETTINGS =
  'PutEncryptionConfiguration+PutBucketPublicAccessBlock+PutBucketOwnershipControls+PutBucketNotification';
const QUEUE_READS = 'GetQueueAttributes+ListQueueTags';
const SUBSCRIPTION_READS = 'GetSubscriptionAttributes+ListSubscriptionsByTopic';

// Actions and resource forms: https://docs.aws.amazon.com/service-authorization/latest/reference/; what a handler calls:
// `handlers.*.permissions` in the schema of its type. Types without `+` name the one call that changes things.
export const HANDLER_ROWS: Readonly<Record<string, HandlerRow>> = {
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
  'AWS::EC2::SecurityGroup': row(
    'ec2',
    [
      'CreateSecurityGroup+AuthorizeSecurityGroupIngress+CreateTags+DescribeSecurityGroups',
      'AuthorizeSecurityGroupIngress+RevokeSecurityGroupIngress+DescribeSecurityGroups',
      'DeleteSecurityGroup+DescribeSecurityGroups',
    ].join(' '),
  ),
  'AWS::EC2::SecurityGroupIngress': row('ec2', 'AuthorizeSecurityGroupIngress - RevokeSecurityGroupIngress'),
  'AWS::ECS::Cluster': row('ecs', 'CreateCluster UpdateCluster DeleteCluster', `ecs:${RP}:cluster/{}`, 'ClusterName'),
  'AWS::ECS::Service': row(
    'ecs',
    [
      `CreateService+TagResource+${SERVICE_READS}`,
      `UpdateService+ListTagsForResource+${SERVICE_READS}`,
      'DeleteService+DescribeServices',
    ].join(' '),
    `ecs:${RP}:service/{cluster}/{}`,
    'ServiceName',
  ),
  'AWS::ECS::TaskDefinition': row(
    ...([
      'ecs',
      [
        'RegisterTaskDefinition+TagResource+DescribeTaskDefinition+iam:GetRole',
        'TagResource+ListTagsForResource+DescribeTaskDefinition',
        'DeregisterTaskDefinition+DescribeTaskDefinition',
      ].join(' '),
      `ecs:${RP}:task-definition/{}:*`,
      'Family',
    ] as const),
    TASK_ROLES,
  ),
  'AWS::ElasticLoadBalancingV2::ListenerRule': row(
    ELB,
    [
      'CreateRule+AddTags+DescribeRules+DescribeTags',
      'ModifyRule+SetRulePriorities+DescribeRules+DescribeTags',
      'DeleteRule+DescribeRules',
    ].join(' '),
    `${ELB}:${RP}:listener-rule/{}`,
  ),
  'AWS::ElasticLoadBalancingV2::TargetGroup': row(
    ELB,
    [
      `CreateTargetGroup+RegisterTargets+ModifyTargetGroupAttributes+AddTags+ec2:DescribeVpcs+${TARGET_GROUP_READS}`,
      `ModifyTargetGroup+RegisterTargets+ModifyTargetGroupAttributes+ec2:DescribeVpcs+${TARGET_GROUP_READS}`,
      'DeleteTargetGroup+DescribeTargetGroups',
    ].join(' '),
    `${ELB}:${RP}:targetgroup/{}/0123456789abcdef`,
    'Name',
  ),
  'AWS::Events::Rule': row(
    'events',
    [
      `PutRule+PutTargets+TagResource+${RULE_READS}`,
      `PutRule+PutTargets+RemoveTargets+${RULE_READS}`,
      `DeleteRule+RemoveTargets+${RULE_READS}`,
    ].join(' '),
    `events:${RP}:rule/{bus}{}`,
    'Name',
  ),
  'AWS::IAM::ManagedPolicy': row(
    'iam',
    'CreatePolicy CreatePolicyVersion DeletePolicy',
    'iam::{account}:policy{path}{}',
    'ManagedPolicyName',
  ),
  'AWS::IAM::Role': row(
    'iam',
    [
      `CreateRole+AttachRolePolicy+PutRolePolicy+GetRolePolicy+TagRole+${ROLE_READS}`,
      `UpdateRole+UpdateAssumeRolePolicy+AttachRolePolicy+DetachRolePolicy+PutRolePolicy+DeleteRolePolicy+GetRolePolicy+PutRolePermissionsBoundary+DeleteRolePermissionsBoundary+TagRole+${ROLE_READS}`,
      `DeleteRole+DetachRolePolicy+DeleteRolePolicy+${ROLE_READS}`,
    ].join(' '),
    'iam::{account}:role{path}{}',
    'RoleName',
  ),
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
  'AWS::S3::Bucket': row(
    's3',
    [
      `CreateBucket+${BUCKET_SETTINGS}+PutBucketTagging+${BUCKET_READS}`,
      `${BUCKET_SETTINGS}+${BUCKET_READS}`,
      'DeleteBucket',
    ].join(' '),
    's3:::{}',
    'BucketName',
  ),
  'AWS::S3::BucketPolicy': row(
    's3',
    'PutBucketPolicy+GetBucketPolicy PutBucketPolicy+GetBucketPolicy DeleteBucketPolicy+GetBucketPolicy',
    's3:::{}',
    'Bucket',
  ),
  'AWS::SecretsManager::Secret': row(
    'secretsmanager',
    [
      'CreateSecret+GetRandomPassword+ReplicateSecretToRegions+TagResource+DescribeSecret',
      'UpdateSecret+GetRandomPassword+ReplicateSecretToRegions+TagResource+DescribeSecret',
      'DeleteSecret+DescribeSecret',
    ].join(' '),
    `secretsmanager:${RP}:secret:{raw}-{six}`,
    'Name',
  ),
  'AWS::SNS::Subscription': row(
    'sns',
    [
      `Subscribe+${SUBSCRIPTION_READS}`,
      `SetSubscriptionAttributes+${SUBSCRIPTION_READS}`,
      `Unsubscribe+${SUBSCRIPTION_READS}`,
    ].join(' '),
  ),
  'AWS::SNS::Topic': row('sns', 'CreateTopic SetTopicAttributes DeleteTopic', `sns:${RP}:{}`, 'TopicName'),
  'AWS::SQS::Queue': row(
    'sqs',
    [
      `CreateQueue+GetQueueUrl+TagQueue+${QUEUE_READS}`,
      `SetQueueAttributes+${QUEUE_READS}`,
      'DeleteQueue+GetQueueAttributes',
    ].join(' '),
    `sqs:${RP}:{}`,
    'QueueName',
  ),
  'AWS::SQS::QueuePolicy': row('sqs', 'SetQueueAttributes SetQueueAttributes SetQueueAttributes'),
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
