import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Callback } from '../../domain/callback.ts';
import { called, completed, intended, told } from '../../domain/callback-transition.ts';
import { subjectsOf } from '../../domain/token.ts';
import type { CallbackStore, Written } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { contains } from './condition.ts';
import { dynamoTable } from './dynamo-table.ts';
import { callbackCondition } from './transition-condition.ts';

/**
 * Callbacks in DynamoDB. Only those that nobody was told of stand in the index; a few hundred at most, which is why subjects
 * are a filter over it and not rows of their own that a second write would have to keep in step.
 */
export const dynamoCallbackStore = (client: DynamoDBClient, tableName: string): CallbackStore => {
  const table = dynamoTable<Callback>({
    client,
    name: tableName,
    shape: tables.CALLBACKS_TABLE,
    indexed: (callback) => ({
      _open: callback.told ? undefined : 'open',
      _order: `${callback.createdAt}#${callback.token}`,
      _subjects: subjectsOf(callback),
    }),
  });
  const open = { index: 'open', partition: { _open: 'open' } };
  return {
    find: (token) => table.find({ token }),
    intend: async (callback) => {
      const decide = (before: Callback | undefined) => decided(before, intended(before, callback));
      return standing(
        await table.move({ token: callback.token }, decide, { condition: callbackCondition('Intended'), isNew: true }),
        callback.token,
      );
    },
    markCalled: async (token) => {
      const decide = (before: Callback | undefined) => decided(before, before && called(before));
      standing(await table.move({ token }, decide, { condition: callbackCondition('Called') }), token);
    },
    complete: async (token, outcome) => {
      const decide = (before: Callback | undefined) => decided(before, before && completed(before, outcome));
      return standing(await table.move({ token }, decide, { condition: callbackCondition('Completed') }), token);
    },
    markTold: async (token) => {
      const decide = (before: Callback | undefined) => decided(before, before && told(before));
      standing(await table.move({ token }, decide, { condition: callbackCondition('Told') }), token);
    },
    listOpen: () => table.query(open),
    listOpenBySubject: (subject) => table.query({ ...open, filter: contains('_subjects', subject) }),
  };
};

const decided = (before: Callback | undefined, after: Callback | undefined): Written<Callback> => {
  if (!after) return { kind: 'refused', reason: 'it was never intended', record: before };
  return { kind: after === before ? 'repeated' : 'moved', record: after };
};

/** @throws Error when nothing was intended under the token: the call that it stands for cannot have been ours. */
const standing = ({ record }: Written<Callback>, token: string): Callback => {
  if (!record) throw new Error(`No callback stands under the token ${token}: it was never intended`);
  return record;
};
