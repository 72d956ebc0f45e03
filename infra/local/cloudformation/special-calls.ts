import type { Properties } from '../part.ts';
import type { Needed } from '../wire/service.ts';
import type { RoleQuestion } from './role-actions.ts';

/** What a call needs where that depends on the properties; `own` is the ARN of the resource itself. */
type SpecialCall = (question: RoleQuestion, own: () => string) => readonly Needed[];

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
    newOf(question, 'Targets').length > 0
      ? [{ action: 'elasticloadbalancing:RegisterTargets', resources: [own()] }]
      : [],

  'iam:CreateRole': (question, own) => [{ action: 'iam:CreateRole', resources: [own()], ...bounded(question) }],
  'iam:GetRole': ({ type, properties }, own) =>
    type === 'AWS::IAM::Role'
      ? [{ action: 'iam:GetRole', resources: [own()] }]
      : [properties['TaskRoleArn']].flatMap((role) =>
          typeof role === 'string' ? [{ action: 'iam:GetRole', resources: [role] }] : [],
        ),
  'iam:AttachRolePolicy': (question, own) =>
    newOf(question, 'ManagedPolicyArns').map((arn) => onPolicy('iam:AttachRolePolicy', String(arn), own(), question)),
  'iam:DetachRolePolicy': (question, own) =>
    goneOf(question, 'ManagedPolicyArns').map((arn) => onPolicy('iam:DetachRolePolicy', String(arn), own(), question)),
  'iam:PutRolePolicy': (question, own) =>
    newOf(question, 'Policies').map(() => ({ action: 'iam:PutRolePolicy', resources: [own()], ...bounded(question) })),
  'iam:DeleteRolePolicy': (question, own) =>
    goneOf(question, 'Policies').map(() => ({ action: 'iam:DeleteRolePolicy', resources: [own()] })),
  'iam:PutRolePermissionsBoundary': (question, own) =>
    boundaryOf(question.properties) !== undefined && boundaryOf(question.properties) !== boundaryOf(question.previous)
      ? [{ action: 'iam:PutRolePermissionsBoundary', resources: [own()], ...bounded(question) }]
      : [],
  'iam:DeleteRolePermissionsBoundary': (question, own) =>
    boundaryOf(question.properties) === undefined && boundaryOf(question.previous) !== undefined
      ? [{ action: 'iam:DeleteRolePermissionsBoundary', resources: [own()] }]
      : [],
  'iam:TagRole': (question, own) =>
    newOf(question, 'Tags').length > 0 ? [{ action: 'iam:TagRole', resources: [own()] }] : [],

  'secretsmanager:GetRandomPassword': ({ properties }) =>
    properties['GenerateSecretString'] ? [{ action: 'secretsmanager:GetRandomPassword', resources: ['*'] }] : [],
  'secretsmanager:ReplicateSecretToRegions': (question, own) =>
    newOf(question, 'ReplicaRegions').length > 0
      ? [{ action: 'secretsmanager:ReplicateSecretToRegions', resources: [own()] }]
      : [],
};

const boundaryOf = (properties: Properties | undefined): string | undefined => {
  const boundary = properties?.['PermissionsBoundary'];
  return typeof boundary === 'string' ? boundary : undefined;
};

/** The boundary that the role has once the call is done. */
const bounded = ({ properties }: RoleQuestion): Pick<Needed, 'context'> => {
  const boundary = boundaryOf(properties);
  return boundary === undefined ? {} : { context: { 'iam:PermissionsBoundary': boundary } };
};

const onPolicy = (action: string, policyArn: string, role: string, question: RoleQuestion): Needed => ({
  action,
  resources: [role],
  context: { 'iam:PolicyARN': policyArn, ...bounded(question).context },
});

const ec2 = ({ region, account }: RoleQuestion, resource: string) => `arn:aws:ec2:${region}:${account}:${resource}`;

const securityGroup = (question: RoleQuestion) => ec2(question, `security-group/${question.physicalId ?? '*'}`);

/** CloudFormation tags what it makes with the name of the stack, and EC2 knows the tags of what is there. */
const onSecurityGroup = (action: string, question: RoleQuestion, because: readonly unknown[]): readonly Needed[] =>
  because.length === 0
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

/** Elements of a list that the resource has now and had not before. */
const newOf = ({ properties, previous }: RoleQuestion, property: string): readonly unknown[] =>
  without(listOf(properties, property), listOf(previous, property));

/** Those that it loses: with a delete all of them. */
const goneOf = ({ verb, properties, previous }: RoleQuestion, property: string): readonly unknown[] =>
  verb === 'delete' ? listOf(properties, property) : without(listOf(previous, property), listOf(properties, property));

const listOf = (properties: Properties | undefined, property: string): readonly unknown[] => {
  const value = properties?.[property];
  return Array.isArray(value) ? value : [];
};

const without = (list: readonly unknown[], taken: readonly unknown[]): readonly unknown[] => {
  const known = new Set(taken.map((item) => JSON.stringify(item)));
  return list.filter((item) => !known.has(JSON.stringify(item)));
};
