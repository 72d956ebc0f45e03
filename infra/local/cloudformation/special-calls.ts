import type { Needed } from '../wire/service.ts';
import { bucketCalls } from './bucket-calls.ts';
import { goneOf, newOf } from './list-changes.ts';
import { messageCalls } from './message-calls.ts';
import { roleCalls } from './role-calls.ts';
import type { RoleQuestion } from './role-question.ts';
import { because, type SpecialCall } from './special-call.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export const TAKE_NO_RESOURCE: ReadonlySet<string> = new Set([
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
  'ecs:DeregisterTaskDefinition',
  'ecs:DescribeTaskDefinition',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
]);

export const SPECIAL_CALLS: Readonly<Record<string, SpecialCall>> = {
  ...bucketCalls,
  ...messageCalls,
  ...roleCalls,

  'ec2:CreateSecurityGroup': (question) => [
    {
      action: 'ec2:CreateSecurityGroup',
      resources: [securityGroup(question), ec2(question, `vpc/${question.properties['VpcId'] ?? 'vpc-default'}`)],
    },
  ],
  'ec2:CreateTags': (question) => [{ action: 'ec2:CreateTags', resources: [securityGroup(question)] }],
  'ec2:AuthorizeSecurityGroupIngress': (question) =>
    onSecurityGroup('ec2:AuthorizeSecurityGroupIngress', question, newOf(question, 'SecurityGroupIngress')),
  'ec2:RevokeSecurityGroupIngress': (question) =>
    onSecurityGroup('ec2:RevokeSecurityGroupIngress', question, goneOf(question, 'SecurityGroupIngress')),
  'ec2:DeleteSecurityGroup': (question) => onSecurityGroup('ec2:DeleteSecurityGroup', question, [question]),

  'ecs:DescribeServiceDeployments': (_question, own) => [
    {
      action: 'ecs:DescribeServiceDeployments',
      resources: [`${own().replace(':service/', ':service-deployment/')}/*`],
    },
  ],
  'elasticloadbalancing:CreateRule': ({ properties }) => [
    { action: 'elasticloadbalancing:CreateRule', resources: [String(properties['ListenerArn'])] },
  ],
  'elasticloadbalancing:RegisterTargets': (question, own) =>
    because(newOf(question, 'Targets'), 'elasticloadbalancing:RegisterTargets', own),

  'secretsmanager:GetRandomPassword': ({ properties }) =>
    properties['GenerateSecretString'] ? [{ action: 'secretsmanager:GetRandomPassword', resources: ['*'] }] : [],
  'secretsmanager:ReplicateSecretToRegions': (question, own) =>
    because(newOf(question, 'ReplicaRegions'), 'secretsmanager:ReplicateSecretToRegions', own),
};

const ec2 = ({ region, account }: RoleQuestion, resource: string) => `arn:aws:ec2:${region}:${account}:${resource}`;

const securityGroup = (question: RoleQuestion) => ec2(question, `security-group/${question.physicalId ?? '*'}`);

/** CloudFormation tags what it makes with the name of the stack, and EC2 knows the tags of what is there. */
const onSecurityGroup = (action: string, question: RoleQuestion, changes: readonly unknown[]): readonly Needed[] =>
  changes.length === 0
    ? []
    : [
        {
          action,
          resources: [securityGroup(question)],
          ...(question.physicalId && {
            context: { 'aws:ResourceTag/aws:cloudformation:stack-name': question.stackName },
          }),
        },
      ];
