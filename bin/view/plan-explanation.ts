import type { PendingMigration } from '../../functions/domain/migrations/migrations.ts';
import type { Forecast, Plan, ResourceChange } from '../../functions/domain/plan/plan.ts';
import { orderWords } from './plan-words.ts';

/** What follows from a plan's reasons, a sentence a line: the order, what CloudFormation changes, what is locked. */
export const planExplanation = ({ mode, stack, databases, forecast }: Plan): readonly string[] => [
  stack.firstRelease ? 'Everything else is made and migrated first; the service comes last.' : orderWords[mode],
  ...changeSentence(stack.changes, stack.firstRelease),
  ...lockSentence(
    databases.flatMap(({ pending }) => pending),
    forecast.locks,
  ),
  ...outageSentence(forecast),
];

const verbs: Readonly<Record<ResourceChange['action'], string>> = {
  Add: 'adds',
  Modify: 'changes',
  Remove: 'removes',
  Import: 'imports',
};

const changeSentence = (changes: readonly ResourceChange[], firstRelease: boolean): readonly string[] => {
  // What a new stack loses is its placeholder: a stack cannot be empty.
  const told = firstRelease ? changes.filter(({ action }) => action === 'Add') : changes;
  const actions = [...new Set(told.map(({ action }) => action))].sort();
  const parts = actions.map((each) => `${verbs[each]} ${listed(told.filter(({ action }) => action === each))}`);
  return parts.length === 0 ? [] : [`CloudFormation ${parts.join(', and ')}.`];
};

const listed = (changes: readonly ResourceChange[]): string => {
  const kinds = [...new Set(changes.map(({ type }) => type.split('::').at(-1) ?? type))].sort();
  const last = kinds.at(-1) ?? '';
  return kinds.length < 2 ? last : `${kinds.slice(0, -1).join(', ')} and ${last}`;
};

const lockSentence = (pending: readonly PendingMigration[], locks: readonly string[]): readonly string[] => {
  if (pending.length === 0) return [];
  return locks.length === 0 ? ['The migration locks nothing that serves.'] : [`Locks: ${locks.join('; ')}.`];
};

const outageSentence = ({ outageSeconds, basis }: Forecast): readonly string[] => {
  if (outageSeconds === 0) return [];
  return basis === 'measured'
    ? ['The prediction is what these steps took on this stack before.']
    : ['Where this stack has no history, the prediction takes what is usual on AWS.'];
};
