import type { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { applicationStatements } from './database-logins.ts';
import type { ClusterSite } from './stage.ts';

/**
 * The most that a role of an application can ever do, whatever is attached to it: its environment's objects, queues,
 * topics, secrets, databases and logs, and what the site allows besides. A boundary grants nothing by itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const boundaryStatements = (stack: Stack, site: ClusterSite): PolicyStatement[] => {
  const { region, account } = stack;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const each = (make: (environment: string) => string) => site.environments.map(make);
  return [
    // Buckets are `{blobstore}.{application}.{environment}.{region}.{namespace}`, and their objects follow. Anybody may
    // take such a name first, hence the account.
    new PolicyStatement({
      actions: filesActions,
      resources: each((environment) => `arn:aws:s3:::*.${environment}.${region}.*`),
      conditions: { StringEquals: { 'aws:ResourceAccount': account } },
    }),
    ...(site.buckets.length > 0
      ? [
          allow(
            filesActions,
            site.buckets.flatMap((name) => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]),
          ),
        ]
      : []),
    allow(
      [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:SendMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      each((environment) => arn('sqs', `${environment}-*`)),
    ),
    allow(
      ['sns:Publish'],
      each((environment) => arn('sns', `${environment}-*`)),
    ),
    ...(site.eventBus ? [allow(['events:PutEvents'], [arn('events', `event-bus/${site.eventBus}`)])] : []),
    allow(
      ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      each((environment) => arn('secretsmanager', `secret:/${environment}/*`)),
    ),
    ...applicationStatements(stack, site),
    allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      each((environment) => arn('logs', `log-group:ecs/${environment}/*`)),
    ),
    allow(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      ['arn:aws:ecr:*:*:repository/*'],
    ),
    // None of these takes a resource; the message channels are those of ECS Exec.
    allow(
      [
        'ecr:GetAuthorizationToken',
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:GetSamplingStatisticSummaries',
      ],
      ['*'],
    ),
    ...site.alsoAllowed.map(({ actions, resources }) => allow(actions, resources)),
    // Not even the site's own additions may open these.
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['iam:*', 'organizations:*', 'account:*', 'sts:AssumeRole', 'sts:GetFederationToken'],
      resources: ['*'],
    }),
  ];
};

const filesActions = [
  's3:ListBucket',
  's3:GetBucketLocation',
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
];

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });
