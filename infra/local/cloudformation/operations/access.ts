import type { Input, Needed, Operation } from '../../wire/service.ts';
import type { Desk } from './desk.ts';
import { findStack } from './stacks.ts';

type Access = Required<Pick<Operation, 'resources' | 'alsoNeeds'>>;

/** The stack a call is about: its id, or the pattern of the one that is to be. */
export const onStack = (desk: Pick<Desk, 'records' | 'world'>): Access => ({
  resources: (input) => [stackArn(desk, input)],
  alsoNeeds: () => [],
});

/** Beside the stack: the role that is handed on, and the object that holds the template. */
export const neededByTemplate = (desk: Pick<Desk, 'records' | 'world'>): Access => ({
  resources: (input) => [stackArn(desk, input)],
  alsoNeeds: (input) => [...passedRole(input), ...readTemplate(input)],
});

export const onTemplate: Access = { resources: () => ['*'], alsoNeeds: (input) => readTemplate(input) };

const stackArn = ({ records, world }: Pick<Desk, 'records' | 'world'>, input: Input): string => {
  const byChangeSet = String(input.ChangeSetName ?? '').startsWith('arn:')
    ? records.changeSets.list().find(({ value }) => value.id === input.ChangeSetName)?.value.stackId
    : undefined;
  const name = String(input.StackName || byChangeSet || '');
  if (name === '') return '*';
  if (name.startsWith('arn:')) return name;
  return findStack(records, name)?.id ?? `arn:aws:cloudformation:${world.region}:${world.account}:stack/${name}/*`;
};

const passedRole = ({ RoleARN }: Input): readonly Needed[] =>
  RoleARN
    ? [
        {
          action: 'iam:PassRole',
          resources: [RoleARN],
          context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
        },
      ]
    : [];

const readTemplate = ({ TemplateURL }: Input): readonly Needed[] => {
  const url = typeof TemplateURL === 'string' && URL.canParse(TemplateURL) ? new URL(TemplateURL) : undefined;
  if (!url || url.protocol === 'data:') return [];
  const virtualHost = /^(.+)\.s3[.-]/.exec(url.hostname)?.[1];
  const path = decodeURIComponent(url.pathname.slice(1));
  return [{ action: 's3:GetObject', resources: [`arn:aws:s3:::${virtualHost ? `${virtualHost}/${path}` : path}`] }];
};
