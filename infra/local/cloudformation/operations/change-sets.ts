import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import type { ChangeSetRecord } from '../records.ts';
import { neededByTemplate, onStack } from './access.ts';
import { createChangeSet } from './create-change-set.ts';
import { type Desk, flag } from './desk.ts';
import { executeChangeSet } from './execute-change-set.ts';
import { findChangeSet, getChangeSet } from './find-change-set.ts';
import { page } from './paging.ts';
import { parametersShown } from './shown.ts';
import { getLiveStack } from './stacks.ts';

/** CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets. */
export const changeSetOperations = (desk: Desk): Readonly<Record<string, Operation>> => ({
  CreateChangeSet: { ...neededByTemplate(desk), run: (input) => createChangeSet(desk, input) },
  DescribeChangeSet: { ...onStack(desk), run: (input) => describeChangeSet(desk, input) },
  ExecuteChangeSet: { ...onStack(desk), run: (input) => executeChangeSet(desk, input) },
  DeleteChangeSet: { ...onStack(desk), run: (input) => deleteChangeSet(desk, input) },
  ListChangeSets: { ...onStack(desk), run: (input) => listChangeSets(desk, input) },
});

const describeChangeSet = (desk: Desk, input: Input) => {
  const changeSet = getChangeSet(desk, input);
  const { items, NextToken } = page(changeSet.changes, input.NextToken);
  const withValues = flag(input.IncludePropertyValues);
  const { declaration } = changeSet;
  return {
    ...summaryOf(changeSet),
    Parameters: parametersShown(desk, declaration),
    Capabilities: declaration.capabilities,
    Tags: declaration.tags,
    Changes: items.map((change) => ({ Type: 'Resource', ResourceChange: withValues ? change : withoutValues(change) })),
    ...(changeSet.type === 'CREATE' ? { OnStackFailure: changeSet.onFailure } : {}),
    NextToken,
  };
};

const withoutValues = ({ BeforeContext: _, AfterContext: __, ...change }: ChangeSetRecord['changes'][number]) => ({
  ...change,
  Details: change.Details.map(({ Target, ...detail }) => {
    const { BeforeValue: ___, AfterValue: ____, AttributeChangeType: _____, Path: ______, ...target } = Target;
    return { Target: target, ...detail };
  }),
});

const summaryOf = (changeSet: ChangeSetRecord) => ({
  ChangeSetId: changeSet.id,
  ChangeSetName: changeSet.name,
  StackId: changeSet.stackId,
  StackName: changeSet.stackName,
  ExecutionStatus: changeSet.execution,
  Status: changeSet.status,
  StatusReason: changeSet.statusReason,
  CreationTime: new Date(changeSet.createdAt),
  Description: changeSet.description,
  IncludeNestedStacks: false,
});

const deleteChangeSet = (desk: Desk, input: Input) => {
  const changeSet = findChangeSet(desk, input);
  if (changeSet?.execution === 'EXECUTE_IN_PROGRESS')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]`,
    );
  if (changeSet) desk.records.dropChangeSet(changeSet);
  return {};
};

const listChangeSets = (desk: Desk, input: Input) => {
  const stack = getLiveStack(desk.records, input.StackName);
  const { items, NextToken } = page(desk.records.changeSetsOf(stack.id), input.NextToken);
  return { Summaries: items.map(summaryOf), NextToken };
};
