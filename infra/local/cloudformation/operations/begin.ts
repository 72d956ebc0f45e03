import { AwsError, type Input } from '../../wire/service.ts';
import { type OperationRecord, type StackRecord, uuidFrom } from '../records.ts';
import { noEchoValuesOf } from '../template/no-echo.ts';
import type { Desk } from './desk.ts';

/** Whether this call's client request token has done its work already; throws for a token of another action. */
export const isRepeated = (stack: StackRecord, action: string, token: string | undefined): boolean => {
  if (token === undefined) return false;
  if (!/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/.test(token))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*, and have at most 128 characters`,
    );
  const used = stack.tokens[token];
  if (used !== undefined && used !== action)
    throw new AwsError('TokenAlreadyExistsException', `Client request token ${token} was already used for ${used}`);
  return used === action;
};

export const tokenOf = (input: Input): string | undefined => input.ClientRequestToken || undefined;

/** The next operation of a stack, with what every kind of it has in common. */
export const operationOn = (
  stack: StackRecord,
  token: string | undefined,
  specific: Pick<OperationRecord, 'type' | 'phase' | 'status'> & Partial<OperationRecord>,
): OperationRecord => {
  const number = stack.operations + 1;
  return {
    stackId: stack.id,
    id: uuidFrom(stack.id, 'operation', number),
    number,
    token,
    reason: 'User Initiated',
    onFailure: 'ROLLBACK',
    ...{ retainExceptOnCreate: false, spared: [], force: false, masked: [] },
    ...specific,
  };
};

/** Stores that the stack has this operation and its token, and starts it; all or nothing. */
export const begin = (desk: Desk, stack: StackRecord, action: string, operation: OperationRecord) => {
  desk.records.stacks.put(stack.id, {
    ...stack,
    operations: operation.number,
    tokens: operation.token === undefined ? stack.tokens : { ...stack.tokens, [operation.token]: action },
  });
  desk.engine.begin({ ...operation, masked: [...operation.masked, ...shownNowhere(desk, stack)] });
};

/** NoEcho values of the stack as it is: a rollback or a deletion shows the old properties in its events. */
export const shownNowhere = ({ records }: Desk, { declaration }: StackRecord): readonly string[] =>
  noEchoValuesOf(records, declaration);
