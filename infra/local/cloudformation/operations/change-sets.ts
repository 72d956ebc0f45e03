import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import { NO_CHANGES } from '../changes/change-set-maker.ts';
import { setStatus } from '../engine/journal.ts';
import { type ChangeSetRecord, type StackRecord, uuidFrom } from '../records.ts';
import { noEchoValuesOf } from '../template/no-echo.ts';
import { neededByTemplate, onStack } from './access.ts';
import { begin, isRepeated, tokenOf } from './begin.ts';
import { createOperation, options, updateOperation } from './change-stack.ts';
import { type Desk, flag } from './desk.ts';
import { page } from './paging.ts';
import { parametersShown } from './shown.ts';
import { checkUpdatable, draftStack, findStack, getLiveStack, keepStack } from './stacks.ts';
import { readSubmission } from './submission.ts';

/** CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets. */
export const changeSetOperations = (desk: Desk): Readonly<Record<string, Operation>> => ({
  CreateChangeSet: { ...neededByTemplate(desk), run: (input) => createChangeSet(desk, input) },
  DescribeChangeSet: { ...onStack(desk), run: (input) => describeChangeSet(desk, input) },
  ExecuteChangeSet: { ...onStack(desk), run: (input) => executeChangeSet(desk, input) },
  DeleteChangeSet: { ...onStack(desk), run: (input) => deleteChangeSet(desk, input) },
  ListChangeSets: { ...onStack(desk), run: (input) => listChangeSets(desk, input) },
});

const createChangeSet = async (desk: Desk, input: Input) => {
  const name = String(input.ChangeSetName);
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const type = input.ChangeSetType || 'UPDATE';
  if (type !== 'CREATE' && type !== 'UPDATE')
    throw invalid(`The embedded CloudFormation makes change sets of type CREATE and UPDATE, not ${type}.`);
  const first = stackFor(desk, input, type);
  const repeated = repeatedChangeSet(desk, first.stack, name, input.ClientToken || undefined);
  if (repeated) return { Id: repeated.id, StackId: repeated.stackId };
  const { declaration } = await readSubmission(desk, input, first.stack);
  const { stack, draft } = stackFor(desk, input, type);
  const meanwhile = repeatedChangeSet(desk, stack, name, input.ClientToken || undefined);
  if (meanwhile) return { Id: meanwhile.id, StackId: meanwhile.stackId };
  const number = stack.changeSets + 1;
  const uuid = uuidFrom(stack.id, 'changeset', number);
  const changeSet: ChangeSetRecord = {
    id: `arn:aws:cloudformation:${desk.world.region}:${desk.world.account}:changeSet/${name}/${uuid}`,
    ...{ name, type, declaration, stackId: stack.id, stackName: stack.name },
    ...{ status: 'CREATE_PENDING', execution: 'UNAVAILABLE', createdAt: desk.world.clock.now(), changes: [] },
    ...(input.Description ? { description: input.Description } : {}),
    ...(input.RoleARN ? { roleArn: input.RoleARN } : {}),
    ...(input.ClientToken ? { token: input.ClientToken } : {}),
    onFailure: input.OnStackFailure || 'ROLLBACK',
    operationId: uuidFrom(stack.id, 'changeset-operation', number),
  };
  desk.world.store.atomically(() => {
    if (draft) review(desk, draft);
    const known = desk.records.stacks.get(stack.id) ?? stack;
    desk.records.stacks.put(stack.id, { ...known, changeSets: number });
    desk.records.putChangeSet(changeSet);
  });
  desk.maker.make(changeSet);
  return { Id: changeSet.id, StackId: stack.id };
};

/** The stack a change set is for; a draft of it when a CREATE change set comes before the stack. */
const stackFor = (desk: Desk, input: Input, type: 'CREATE' | 'UPDATE') => {
  const existing = findStack(desk.records, input.StackName);
  const inReview = existing?.status === 'REVIEW_IN_PROGRESS';
  if (type === 'UPDATE') {
    const stack = getLiveStack(desk.records, input.StackName);
    if (inReview) throw invalid(`Stack [${stack.name}] does not exist`);
    checkUpdatable(stack);
    return { stack, draft: undefined };
  }
  if (existing && !inReview && existing.status !== 'DELETE_COMPLETE')
    throw invalid(
      `Stack [${existing.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
  const draft = inReview ? undefined : draftStack(desk, input.StackName);
  return { stack: draft?.stack ?? (existing as StackRecord), draft };
};

const repeatedChangeSet = (desk: Desk, stack: StackRecord, name: string, token: string | undefined) => {
  const existing = desk.records.changeSets.get(`${stack.id}/${name}`);
  if (!existing || (token !== undefined && existing.token === token)) return existing;
  throw new AwsError(
    'AlreadyExistsException',
    `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Template`,
  );
};

const review = (desk: Desk, draft: ReturnType<typeof draftStack>) => {
  keepStack(desk.records, draft);
  setStatus(desk, draft.stack, 'REVIEW_IN_PROGRESS', 'User Initiated', {});
};

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

const executeChangeSet = (desk: Desk, input: Input) => {
  const changeSet = getChangeSet(desk, input);
  const stack = getLiveStack(desk.records, changeSet.stackId);
  const token = tokenOf(input);
  if (isRepeated(stack, 'ExecuteChangeSet', token)) return {};
  checkExecutable(changeSet);
  const creates = stack.status === 'REVIEW_IN_PROGRESS';
  if (!creates) checkUpdatable(stack);
  const { declaration, roleArn } = changeSet;
  const moved: StackRecord = {
    ...stack,
    changeSetId: changeSet.id,
    disableRollback: flag(input.DisableRollback),
    ...(roleArn ? { roleArn } : {}),
    ...(creates ? { declaration } : { updatedAt: desk.world.clock.now() }),
  };
  const more = {
    ...{ declaration, changeSetId: changeSet.id, ...options(input) },
    masked: noEchoValuesOf(desk.records, declaration),
    onFailure: flag(input.DisableRollback) ? 'DO_NOTHING' : changeSet.onFailure,
  } as const;
  desk.world.store.atomically(() => {
    for (const sibling of desk.records.changeSetsOf(stack.id))
      if (sibling.id !== changeSet.id) desk.records.dropChangeSet(sibling);
    desk.records.putChangeSet({ ...changeSet, execution: 'EXECUTE_IN_PROGRESS' });
    const operation = creates ? createOperation(moved, token, more) : updateOperation(moved, token, more);
    begin(desk, moved, 'ExecuteChangeSet', operation);
  });
  return {};
};

const checkExecutable = ({ id, status, execution }: ChangeSetRecord) => {
  if (status !== 'CREATE_COMPLETE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be executed in its current status of [${status}]`,
    );
  if (execution !== 'AVAILABLE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be executed in its current execution status of [${execution}]`,
    );
};

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

export const getChangeSet = (desk: Pick<Desk, 'records'>, input: Input): ChangeSetRecord => {
  const found = findChangeSet(desk, input);
  if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404);
  return found;
};

const findChangeSet = (
  { records }: Pick<Desk, 'records'>,
  { ChangeSetName, StackName }: Input,
): ChangeSetRecord | undefined => {
  const name = String(ChangeSetName ?? '');
  if (name.startsWith('arn:')) return records.changeSets.list().find(({ value }) => value.id === name)?.value;
  if (!StackName) throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
  const stack = getLiveStack(records, StackName);
  return records.changeSets.get(`${stack.id}/${name}`);
};

/** An empty change set is no error of the template. */
export const isWrong = ({ status, statusReason }: ChangeSetRecord): boolean =>
  status === 'FAILED' && statusReason !== NO_CHANGES;

const invalid = (message: string) => new AwsError('ValidationError', message);
