/** What CloudFormation's handler of a resource type calls; `tag` beside create and update, wherever the service writes tags. */
export interface ResourceActions {
  readonly create: readonly string[];
  readonly read: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
  readonly tag: readonly string[];
}

const none: ResourceActions = { create: [], read: [], update: [], delete: [], tag: [] };

/**
 * Every resource type that functions/domain/template emits, with what its handler calls for the properties that we set:
 * `handlers.*.permissions` of the type's schema (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html),
 * without what only other properties need, such as replicas of secrets, versions of objects or Cognito,
 * and without the removal of tags, which the templates never take away. Security groups have
 * no handlers in their schema: theirs are EC2's calls of the same names. Roles lose no boundary: removing one is left out.
 */
export const resourceActions: Readonly<Record<string, ResourceActions>> = {
  'AWS::CloudFormation::WaitConditionHandle': none,
  'AWS::EC2::SecurityGroup': {
    create: ['ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress'],
    read: ['ec2:DescribeSecurityGroups'],
    update: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
    delete: ['ec2:DeleteSecurityGroup'],
    tag: ['ec2:CreateTags'],
  },
  'AWS::ECS::Service': {
    create: ['ecs:CreateService'],
    read: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'],
    update: ['ecs:UpdateService', 'ecs:StopServiceDeployment', 'ecs:ListTagsForResource'],
    delete: ['ecs:DeleteService'],
    tag: ['ecs:TagResource'],
  },
  'AWS::ECS::TaskDefinition': {
    create: ['ecs:RegisterTaskDefinition', 'iam:PassRole', 'iam:GetRole'],
    read: ['ecs:DescribeTaskDefinition'],
    update: ['ecs:ListTagsForResource'],
    delete: ['ecs:DeregisterTaskDefinition'],
    tag: ['ecs:TagResource'],
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    create: ['elasticloadbalancing:CreateRule'],
    read: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags'],
    update: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities'],
    delete: ['elasticloadbalancing:DeleteRule'],
    tag: ['elasticloadbalancing:AddTags'],
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    create: [
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'ec2:DescribeVpcs',
    ],
    read: [
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeTags',
    ],
    update: [
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'ec2:DescribeVpcs',
    ],
    delete: ['elasticloadbalancing:DeleteTargetGroup'],
    tag: ['elasticloadbalancing:AddTags'],
  },
  'AWS::Events::Rule': {
    create: ['events:PutRule', 'events:PutTargets'],
    read: ['events:DescribeRule', 'events:ListTargetsByRule'],
    update: ['events:PutRule', 'events:PutTargets', 'events:RemoveTargets'],
    delete: ['events:DeleteRule', 'events:RemoveTargets'],
    tag: ['events:TagResource'],
  },
  'AWS::IAM::Role': {
    create: ['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy'],
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies', 'iam:GetRolePolicy'],
    update: [
      'iam:UpdateRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:AttachRolePolicy',
      'iam:DetachRolePolicy',
      'iam:PutRolePolicy',
      'iam:DeleteRolePolicy',
      'iam:PutRolePermissionsBoundary',
    ],
    delete: ['iam:DeleteRole', 'iam:DetachRolePolicy', 'iam:DeleteRolePolicy'],
    tag: [],
  },
  'AWS::S3::Bucket': {
    create: [
      's3:CreateBucket',
      's3:PutEncryptionConfiguration',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketOwnershipControls',
      's3:PutBucketNotification',
    ],
    read: [
      's3:ListBucket',
      's3:GetEncryptionConfiguration',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketOwnershipControls',
      's3:GetBucketNotification',
      's3:GetBucketTagging',
    ],
    update: [
      's3:PutEncryptionConfiguration',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketOwnershipControls',
      's3:PutBucketNotification',
    ],
    delete: ['s3:DeleteBucket'],
    tag: ['s3:PutBucketTagging'],
  },
  'AWS::S3::BucketPolicy': {
    create: ['s3:PutBucketPolicy'],
    read: ['s3:GetBucketPolicy'],
    update: ['s3:PutBucketPolicy'],
    delete: ['s3:DeleteBucketPolicy'],
    tag: [],
  },
  'AWS::SNS::Subscription': {
    create: ['sns:Subscribe'],
    read: ['sns:GetSubscriptionAttributes', 'sns:ListSubscriptionsByTopic'],
    update: ['sns:SetSubscriptionAttributes'],
    delete: ['sns:Unsubscribe'],
    tag: [],
  },
  'AWS::SQS::Queue': {
    create: ['sqs:CreateQueue', 'sqs:GetQueueUrl'],
    read: ['sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
    update: ['sqs:SetQueueAttributes'],
    delete: ['sqs:DeleteQueue'],
    tag: ['sqs:TagQueue'],
  },
  'AWS::SQS::QueuePolicy': {
    create: ['sqs:SetQueueAttributes'],
    read: [],
    update: ['sqs:SetQueueAttributes'],
    delete: ['sqs:SetQueueAttributes'],
    tag: [],
  },
  'AWS::SecretsManager::Secret': {
    create: ['secretsmanager:CreateSecret'],
    read: ['secretsmanager:DescribeSecret'],
    update: ['secretsmanager:UpdateSecret'],
    delete: ['secretsmanager:DeleteSecret'],
    tag: ['secretsmanager:TagResource'],
  },
};

/** Every action of the table, once, sorted. */
export const allResourceActions = (): readonly string[] =>
  [...new Set(Object.values(resourceActions).flatMap((actions) => Object.values(actions).flat()))].sort();
