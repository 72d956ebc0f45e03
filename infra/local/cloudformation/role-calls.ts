import type { Properties } from '../part.ts';
import type { Needed } from '../wire/service.ts';
import { goneOf, listOf, newOf } from './list-changes.ts';
import type { RoleQuestion } from './role-question.ts';
import { because, type SpecialCall } from './special-call.ts';

/** Those on roles of IAM: what is attached or written, and within which boundary. */
export const roleCalls: Readonly<Record<string, SpecialCall>> = {
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
  'iam:GetRolePolicy': (question, own) =>
    listOf(question.properties, 'Policies').map(() => ({ action: 'iam:GetRolePolicy', resources: [own()] })),
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
  'iam:TagRole': (question, own) => because(newOf(question, 'Tags'), 'iam:TagRole', own),
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
