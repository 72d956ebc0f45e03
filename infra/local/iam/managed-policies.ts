import type { PolicyDocument } from './policy.ts';

const allow = (...Action: string[]): PolicyDocument => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** The policies of AWS's own that roles may name, by the end of their ARN; the actions are those AWS documents. */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow(...LOGS),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...LOGS,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
  AdministratorAccess: allow('*'),
  // Of hundreds of actions those of the services that are here; without what needs a policy of its own, such as secrets.
  ReadOnlyAccess: allow(
    'cloudformation:Describe*',
    'cloudformation:Get*',
    'cloudformation:List*',
    'ecr:Describe*',
    'ecs:Describe*',
    'ecs:List*',
    'elasticloadbalancing:Describe*',
    'events:Describe*',
    'events:List*',
    'iam:Get*',
    'iam:List*',
    'lambda:Get*',
    'lambda:List*',
    's3:Get*',
    's3:List*',
    'secretsmanager:Describe*',
    'secretsmanager:List*',
    'ssm:Describe*',
    'ssm:Get*',
    'states:Describe*',
    'states:List*',
  ),
  AWSCloudFormationReadOnlyAccess: allow(
    'cloudformation:Describe*',
    'cloudformation:EstimateTemplateCost',
    'cloudformation:Get*',
    'cloudformation:List*',
    'cloudformation:ValidateTemplate',
    'cloudformation:Detect*',
  ),
  AWSXRayDaemonWriteAccess: allow(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow(
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
};

/** The policy behind `arn:aws:iam::aws:policy/...`, if it is one of those known here. */
export const findAwsManagedPolicy = (arn: string): PolicyDocument | undefined =>
  AWS_MANAGED_POLICIES[/^arn:aws:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? ''];
