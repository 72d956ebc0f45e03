import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { probeSource } from '../../functions/domain/doctor-probe.ts';
import { clusterStackName } from '../../functions/domain/environment/cluster-check.ts';
import {
  cloudFormationRoleName,
  documentsBucketName,
  migrationTaskRoleName,
  migratorRoleName,
  sqlFunctionName,
} from './names.ts';
import type { ClusterSite, Stage } from './stage.ts';

/** What Slipway's steps call in a cluster's account, each narrowed to the environments of the cluster. */
export const deployStatements = ({ region, account }: Stack, stage: Stage, site: ClusterSite): PolicyStatement[] => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const stacks = site.environments.map((environment) => arn('cloudformation', `stack/${environment}-*/*`));
  return [
    allow(
      [
        'cloudformation:CreateChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:DeleteChangeSet',
        'cloudformation:CreateStack',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeEvents',
        'cloudformation:ListStackResources',
        'cloudformation:GetTemplate',
        'cloudformation:CancelUpdateStack',
        'cloudformation:ContinueUpdateRollback',
      ],
      stacks,
    ),
    // The event by which `slipway doctor` finds out whether the others would arrive.
    new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [arn('events', 'event-bus/default')],
      conditions: { 'ForAllValues:StringEquals': { 'events:source': [probeSource] } },
    }),
    // What the cluster stack says of itself: functions/operations/check-cluster.ts.
    allow(['cloudformation:DescribeStacks'], [arn('cloudformation', `stack/${clusterStackName(site)}/*`)]),
    allow(['s3:GetObject'], [`arn:aws:s3:::${documentsBucketName(stage)}/templates/*`]),
    passRole([`arn:aws:iam::${account}:role/${cloudFormationRoleName(site)}`], 'cloudformation.amazonaws.com'),
    passRole(
      taskRoleNames(site).map((name) => `arn:aws:iam::${account}:role/${name}`),
      'ecs-tasks.amazonaws.com',
    ),
    // These take no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    allow(['ecs:RegisterTaskDefinition', 'ecs:ListTasks', 'elasticloadbalancing:DescribeRules'], ['*']),
    allow(
      ['ecs:RunTask'],
      site.environments.map((environment) => arn('ecs', `task-definition/${environment}-*`)),
    ),
    allow(['ecs:DescribeTasks', 'ecs:StopTask', 'ecs:TagResource'], [arn('ecs', 'task/*')]),
    allow(['ecs:DescribeServices'], [arn('ecs', 'service/*')]),
    // Restart forces new tasks of the same version; CloudFormation names services after their stack.
    allow(
      ['ecs:UpdateService'],
      site.environments.map((environment) => arn('ecs', `service/*/${environment}-*`)),
    ),
    // HeadBucket, of what an import is to take over: `{blobstore}.{application}.{environment}.{region}.{namespace}`.
    allow(
      ['s3:ListBucket'],
      site.environments.map((environment) => `arn:aws:s3:::*.${environment}.${region}.*`),
    ),
    allow(
      ['logs:GetLogEvents'],
      site.environments.map((environment) => arn('logs', `log-group:ecs/${environment}/*`)),
    ),
    allow(
      [
        'secretsmanager:CreateSecret',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
      ],
      site.environments.map((environment) => arn('secretsmanager', `secret:/${environment}/*`)),
    ),
    allow(['secretsmanager:GetSecretValue'], [arn('secretsmanager', `secret:${site.adminSecrets}*`)]),
    allow(['lambda:InvokeFunction'], [arn('lambda', `function:${sqlFunctionName(site)}`)]),
    allow(['ecr:DescribeImages'], [`arn:aws:ecr:*:*:repository/*`]),
  ];
};

/** Of migrations: under the first kind they start, with the second they log in by IAM. */
const taskRoleNames = ({ environments, databaseAdmins }: ClusterSite): readonly string[] => [
  ...environments.map(migratorRoleName),
  ...(databaseAdmins.length > 0 ? environments.map(migrationTaskRoleName) : []),
];

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

const passRole = (resources: readonly string[], service: string) =>
  new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [...resources],
    conditions: { StringEquals: { 'iam:PassedToService': service } },
  });
