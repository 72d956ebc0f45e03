import { AwsError, type Input } from '../../wire/service.ts';
import { setStatus } from '../engine/journal.ts';
import type { ChangeSetRecord, StackRecord } from '../records.ts';
import { uuidFrom } from '../uuid-from.ts';
import type { Desk } from './desk.ts';
import { checkImport, importTargets } from './import-targets.ts';
import { checkUpdatable, draftStack, findStack, getLiveStack, keepStack } from './stacks.ts';
import { readSubmission } from './submission.ts';

/** Stores the change set and has it made in the background, as AWS does. */
export const createChangeSet = async (desk: Desk, input: Input) => {
  const name = String(input.ChangeSetName);
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const type = input.ChangeSetType || 'UPDATE';
  if (!isType(type))
    throw invalid(
      `1 validation error detected: Value '${type}' at 'changeSetType' failed to satisfy constraint: Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]`,
    );
  const imports = importTargets(input);
  const repeated = repeatedChangeSet(desk, input);
  if (repeated) return { Id: repeated.id, StackId: repeated.stackId };
  const first = stackFor(desk, input, type).stack;
  const { declaration, prepared } = await readSubmission(desk, input, first);
  await checkImport(desk, first, prepared, imports);
  const meanwhile = repeatedChangeSet(desk, input);
  if (meanwhile) return { Id: meanwhile.id, StackId: meanwhile.stackId };
  const { stack, draft } = stackFor(desk, input, type);
  const number = stack.changeSets + 1;
  const uuid = uuidFrom(stack.id, 'changeset', number);
  const changeSet: ChangeSetRecord = {
    id: `arn:aws:cloudformation:${desk.world.region}:${desk.world.account}:changeSet/${name}/${uuid}`,
    ...{ name, type, declaration, stackId: stack.id, stackName: stack.name },
    ...{ status: 'CREATE_PENDING', execution: 'UNAVAILABLE', createdAt: desk.world.clock.now(), changes: [] },
    ...(input.Description ? { description: input.Description } : {}),
    ...(input.RoleARN ? { roleArn: input.RoleARN } : {}),
    ...(input.ClientToken ? { token: input.ClientToken } : {}),
    ...(type === 'IMPORT' ? { imports } : {}),
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

const isType = (type: unknown): type is ChangeSetRecord['type'] =>
  type === 'CREATE' || type === 'UPDATE' || type === 'IMPORT';

/** The stack a change set is for; a draft of it when a change set that creates or imports comes before the stack. */
const stackFor = (desk: Desk, input: Input, type: ChangeSetRecord['type']) => {
  const existing = findStack(desk.records, input.StackName);
  const inReview = existing?.status === 'REVIEW_IN_PROGRESS';
  if (type === 'UPDATE') {
    const stack = getLiveStack(desk.records, input.StackName);
    if (inReview) throw invalid(`Stack [${stack.name}] does not exist`);
    checkUpdatable(stack);
    return { stack, draft: undefined };
  }
  const exists = existing && !inReview && existing.status !== 'DELETE_COMPLETE';
  if (exists && type === 'IMPORT') {
    checkUpdatable(existing);
    return { stack: existing, draft: undefined };
  }
  if (exists)
    throw invalid(
      `Stack [${existing.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
  const draft = inReview ? undefined : draftStack(desk, input.StackName);
  return { stack: draft?.stack ?? (existing as StackRecord), draft };
};

/** The change set that an earlier try of the same request has made, whatever the stack does by now. */
const repeatedChangeSet = ({ records }: Desk, { StackName, ChangeSetName, ClientToken }: Input) => {
  const existing = records.changeSets.get(`${findStack(records, StackName)?.id}/${ChangeSetName}`);
  if (!existing || (ClientToken && existing.token === ClientToken)) return existing;
  throw new AwsError(
    'AlreadyExistsException',
    `ChangeSet ${ChangeSetName} cannot be created due to a mismatch with existing attribute Template`,
  );
};

const review = (desk: Desk, draft: ReturnType<typeof draftStack>) => {
  keepStack(desk.records, draft);
  setStatus(desk, draft.stack, 'REVIEW_IN_PROGRESS', 'User Initiated', {});
};

const invalid = (message: string) => new AwsError('ValidationError', message);
