import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ClusterSite } from './stages.ts';

/** What CloudFormation needs for the resource types that the template builder emits. */
export const serviceStatements = ({ region, account }: Stack, site: ClusterSite): PolicyStatement[] => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const roles = site.environments.map((environment) => `arn:aws:iam::${account}:role/${environment}-*`);
  const secrets = site.environments.map((environment) => arn('secretsmanager', `secret:/${environment}/*`));
  return [
    allow(
      ['iam:CreateRole', 'iam:DeleteRole', 'iam:GetRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:TagRole'],
      roles,
    ),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [...roles, site.taskExecutionRole],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
    // Neither has a resource that could be named before it exists.
    allow(['ecs:RegisterTaskDefinition', 'ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition'], ['*']),
    allow(
      ['ecs:CreateService', 'ecs:UpdateService', 'ecs:DeleteService', 'ecs:DescribeServices', 'ecs:TagResource'],
      [arn('ecs', 'service/*')],
    ),
    allow(
      [
        'elasticloadbalancing:CreateTargetGroup',
        'elasticloadbalancing:ModifyTargetGroup',
        'elasticloadbalancing:ModifyTargetGroupAttributes',
        'elasticloadbalancing:DeleteTargetGroup',
        'elasticloadbalancing:CreateRule',
        'elasticloadbalancing:ModifyRule',
        'elasticloadbalancing:DeleteRule',
        'elasticloadbalancing:SetRulePriorities',
      ],
      [
        arn('elasticloadbalancing', 'targetgroup/*'),
        arn('elasticloadbalancing', 'listener/*'),
        arn('elasticloadbalancing', 'listener-rule/*'),
      ],
    ),
    allow(
      [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeListeners',
      ],
      ['*'],
    ),
    allow(
      [
        'ec2:CreateSecurityGroup',
        'ec2:DeleteSecurityGroup',
        'ec2:DescribeSecurityGroups',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:CreateTags',
      ],
      ['*'],
    ),
    allow(
      [
        'secretsmanager:CreateSecret',
        'secretsmanager:DeleteSecret',
        'secretsmanager:DescribeSecret',
        'secretsmanager:UpdateSecret',
        'secretsmanager:TagResource',
      ],
      secrets,
    ),
  ];
};

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });
