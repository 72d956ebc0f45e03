import { manifest, pascal } from '../../functions/manifest.ts';
import { allResourceActions } from '../../infra/aws/resource-actions.ts';
import type { ExpectedRefusal, ImpliedActions } from '../support/judge-grants.ts';

const rolesOf = (fits: (row: (typeof manifest)[number]) => unknown): readonly string[] =>
  manifest.filter(fits).map(({ name }) => `${pascal(name)}Role`);

const FUNCTIONS = rolesOf(() => true);
const MACHINES = ['RequestMachineRole', 'DeploymentMachineRole'];

/** The one list of granted actions that the stories are not expected to use, each with its reason. */
export const impliedActions: readonly ImpliedActions[] = [
  {
    roles: FUNCTIONS,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    used: 'never',
    because: 'Lambda itself writes what a function logs, under the function’s role; the embedded one asks nobody.',
  },
  {
    roles: '*',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    used: 'never',
    because:
      'Lambda and Step Functions send their traces under the role they run; there is no X-Ray in the embedded cloud.',
  },
  {
    roles: MACHINES,
    actions: ['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    used: 'never',
    because: 'Step Functions asks X-Ray which executions to trace; there is no X-Ray in the embedded cloud.',
  },
  {
    roles: MACHINES,
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ],
    used: 'never',
    because:
      'Step Functions sets the delivery of its log up itself; that the role may is checked when a machine is made.',
  },
  {
    roles: ['SqlRole'],
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ec2:UnassignPrivateIpAddresses',
    ],
    used: 'never',
    because:
      'Lambda makes the network interfaces of a function in a VPC under its role; here functions share a loopback.',
  },
  {
    roles: rolesOf(({ asynchronous }) => asynchronous),
    actions: ['sqs:SendMessage'],
    on: 'DeadLetters',
    used: 'never',
    because: 'Lambda sends an event that a function has failed at three times there itself.',
  },
  {
    roles: ['MigratorRoledev'],
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
    used: 'never',
    because: 'The agent of ECS pulls the image and writes the log of a migration; here images are checkouts of Git.',
  },
  {
    roles: '*',
    actions: ['s3:ListBucket'],
    on: 'Documents',
    used: 'sometimes',
    because:
      'Without it S3 answers 403 for a document that is not there: the step would blame its rights and not the document.',
  },
  {
    roles: ['BuildReleaseRole'],
    actions: ['s3:GetObject'],
    on: 'Documents',
    used: 'sometimes',
    because: 'A release that was built before stands there already, and is compared with what was built again.',
  },
  {
    roles: rolesOf(({ tables }) => tables?.CALLBACKS_TABLE === 'put'),
    actions: ['dynamodb:GetItem'],
    on: 'CallbacksTable',
    used: 'sometimes',
    because:
      'A step that is called again meets its own callback, and reads it before it says that there is nothing to write.',
  },
  {
    roles: rolesOf(({ machines }) => machines?.includes('send')),
    actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
    used: 'sometimes',
    because:
      'A step ends its own wait when there is nothing to wait for, or when it was cancelled while it called; else an event does.',
  },
  {
    roles: rolesOf(({ machines }) => machines?.includes('find')),
    actions: ['states:DescribeExecution'],
    used: 'sometimes',
    because: 'Only a name that is taken makes whoever starts an execution ask how the one before stands.',
  },
  {
    roles: rolesOf(({ tables, name }) => tables?.LISTENERS_TABLE === 'put' && name !== 'cf-plan'),
    actions: ['dynamodb:PutItem'],
    on: 'ListenersTable',
    used: 'sometimes',
    because:
      'CFPlan has reserved the priorities of the same claim, unless the deployment had no plan or the rules of a stack changed since.',
  },
  {
    roles: rolesOf(({ tables, name }) => tables?.LISTENERS_TABLE === 'put' && name !== 'cf-plan'),
    actions: ['dynamodb:PutItem'],
    on: 'DatabasesTable',
    used: 'sometimes',
    because:
      'CFPlan or PGUpsert has made the record of a database, unless it comes later than the step that needs its secret.',
  },
  {
    roles: ['SweepRole'],
    actions: ['dynamodb:GetItem'],
    on: 'RepositoriesTable',
    used: 'sometimes',
    because:
      'The sweeper tells GitHub of a deployment that it settles; in the stories the machine has mostly been faster.',
  },
  {
    roles: ['SweepRole'],
    actions: ['secretsmanager:GetSecretValue'],
    on: 'GithubAppSecret',
    used: 'sometimes',
    because:
      'The sweeper tells GitHub of a deployment that it settles; in the stories the machine has mostly been faster.',
  },
  {
    roles: ['SweepRole'],
    actions: ['dynamodb:GetItem'],
    on: 'TargetsTable',
    used: 'sometimes',
    because:
      'The sweeper looks whether a deployment that a crash left outside its queue is still the head of its branch.',
  },
  {
    roles: ['SweepRole'],
    actions: ['s3:PutObject'],
    on: 'Documents',
    used: 'sometimes',
    because: 'The sweeper makes the release of a request whose images came without an event that told so.',
  },
  {
    roles: ['ReconcileRole'],
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    on: 'RepositoriesTable',
    used: 'sometimes',
    because:
      'Only where GitHub did not answer when targets were changed is there something left to note of a repository.',
  },
  {
    roles: ['SqlRole', 'MigrationTaskRoledev'],
    actions: ['rds-db:connect'],
    used: 'sometimes',
    because:
      'Tokens of IAM are checked by the door of an embedded server; with SLIPWAY_POSTGRES_URL there is none, and the story of databases by IAM is left out.',
  },
  {
    roles: ['DeployRole'],
    actions: ['iam:PassRole'],
    on: 'slipway-migration-',
    used: 'sometimes',
    because: 'Only migrations of databases that are logged in to by IAM are given this role, and see above.',
  },
  {
    roles: ['DeployRole'],
    actions: ['s3:ListBucket'],
    used: 'sometimes',
    because:
      'HeadBucket, of a bucket that an import takes over: test/adapters/aws/bucket-reader.test.ts. The stories import secrets.',
  },
  {
    roles: ['CloudFormationRole'],
    actions: [
      'ec2:DeleteSecurityGroup',
      'ec2:RevokeSecurityGroupIngress',
      'ecs:DeleteService',
      'ecs:ListTagsForResource',
      'ecs:StopServiceDeployment',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:DeleteTargetGroup',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:SetRulePriorities',
      'iam:DeleteRole',
      'iam:DetachRolePolicy',
      'iam:GetRole',
      'iam:PutRolePermissionsBoundary',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole',
      'secretsmanager:DeleteSecret',
      'secretsmanager:UpdateSecret',
    ],
    used: 'sometimes',
    because:
      'What the stories do not change or delete is in test/infra/service-role.test.ts, where a stack of everything lives its whole life under this role.',
  },
  {
    roles: ['CloudFormationRole'],
    actions: allResourceActions().filter((action) =>
      /^(events|s3|sns|sqs):|^iam:(Get|Put|Delete)RolePolicy$/.test(action),
    ),
    used: 'sometimes',
    because:
      'Only applications with messages and buckets need these; those of the stories are files beside the repository, which may be absent. test/infra/service-role.test.ts makes, changes and deletes each of them under this role.',
  },
];

/** Calls of the stories that are refused, each with its reason; every other refusal fails the run. */
export const expectedRefusals: readonly ExpectedRefusal[] = [
  {
    call: 'role/slipway-deploy-local logs:GetLogEvents arn:aws:logs:eu-west-1:000000000000:log-group:ecs/dev-',
    because:
      'Stories have environments of their own, which the cluster stack does not know: their logs are out of reach.',
  },
];
