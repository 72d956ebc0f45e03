import { AwsError, type Input } from '../../wire/service.ts';
import { NO_CHANGES } from '../changes/change-set-maker.ts';
import type { ChangeSetRecord } from '../records.ts';
import type { Desk } from './desk.ts';
import { getLiveStack } from './stacks.ts';

export const getChangeSet = (desk: Pick<Desk, 'records'>, input: Input): ChangeSetRecord => {
  const found = findChangeSet(desk, input);
  if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404);
  return found;
};

/** By ARN, or by name within a stack. */
export const findChangeSet = (
  { records }: Pick<Desk, 'records'>,
  { ChangeSetName, StackName }: Input,
): ChangeSetRecord | undefined => {
  const name = String(ChangeSetName ?? '');
  if (name.startsWith('arn:')) return records.changeSets.list().find(({ value }) => value.id === name)?.value;
  if (!StackName)
    throw new AwsError('ValidationError', 'StackName must be specified if ChangeSetName is not specified as an ARN.');
  const stack = getLiveStack(records, StackName);
  return records.changeSets.get(`${stack.id}/${name}`);
};

/** An empty change set is no error of the template. */
export const isWrong = ({ status, statusReason }: ChangeSetRecord): boolean =>
  status === 'FAILED' && statusReason !== NO_CHANGES;
