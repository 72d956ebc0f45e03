import type { Reason } from '../reason.ts';
import type { Left } from '../stack/stack.ts';
import type { Deployment, Step } from './deployment.ts';

export interface Ending {
  readonly reason: Reason;
  readonly left: Left;
}

/** Steps that change what runs or what is stored; what fails before the first of them has changed nothing. */
const CHANGING = ['CFUpsert', 'ScaleDown', 'InfraMigrate', 'VersionMigrate', 'ScaleUp', 'PGMigrate'];

/** Reasons with which a changing step ends before it has changed anything, or with proof that it has not. */
const REFUSALS = [
  'Cancelled',
  'ChangeSetRefused',
  'DatabaseServerUnknown',
  'DatabaseTaken',
  'ForeignTemplate',
  'HostGone',
  'LockTimeout',
  'MigrationsChanged',
  'OutsidePlan',
  'PrioritiesExhausted',
  'RecordMissing',
  'SecretDeleted',
  'SecretMissing',
  'StaleFence',
  'TaskRefused',
];

/** Why a deployment ended badly and what it left, from the records of its steps and what its machine knew. */
export const endingOf = (deployment: Deployment, state: Readonly<Record<string, unknown>> = {}): Ending => {
  const steps = Object.values(deployment.steps);
  const failed = steps
    .filter(({ status, name }) => status === 'FAILED' && !['Rest', 'WayBack'].includes(word(name)))
    .sort((a, b) => (a.endedAt ?? '').localeCompare(b.endedAt ?? ''));
  const reason = cancelled(deployment) ?? failed[0]?.reason ?? machineReason(state);
  return { reason, left: leftBy(deployment, steps) };
};

const cancelled = ({ cancelledBy }: Deployment): Reason | undefined =>
  cancelledBy ? { code: 'Cancelled', message: `${cancelledBy} asked to end this deployment` } : undefined;

const leftBy = (deployment: Deployment, steps: readonly Step[]): Left => {
  const unfit = steps.find(({ reason }) => reason?.code === 'DatabaseUnfit')?.reason;
  if (unfit) return { kind: 'changed', what: [unfit.message], operatorNeeded: true };
  const changed = steps.filter(hasChanged);
  if (changed.length === 0) return { kind: 'unchanged' };
  const wayBack = deployment.steps['WayBack'];
  const found: readonly string[] = parsed(wayBack?.outputs?.['left']);
  const staysDown = wayBack?.outputs?.['decision'] === 'stay-down' || wayBack?.status === 'FAILED';
  const stuck = deployment.steps['Rest']?.status === 'FAILED';
  const what = changed.map(({ name, status }) => (status === 'DONE' ? `${name} had been done` : `${name} had begun`));
  return { kind: 'changed', what: [...what, ...found], operatorNeeded: staysDown || stuck };
};

const hasChanged = (step: Step): boolean => {
  if (!CHANGING.includes(word(step.name))) return false;
  if (step.status === 'FAILED') return !REFUSALS.includes(step.reason?.code ?? '');
  return step.status === 'ACTIVE' || (step.status === 'DONE' && !foundNothing(step));
};

/** In the words of the steps: no change set was executed, no migration task was started. */
const foundNothing = ({ outputs = {} }: Step): boolean =>
  outputs['status'] === 'no changes' || outputs['applied'] === 'nothing was pending';

/** `PGMigrate` of `PGMigrate.main`. */
const word = (name: string) => name.split('.')[0] ?? name;

const parsed = (text: string | undefined): readonly string[] => {
  const value: unknown = text ? JSON.parse(text) : [];
  return Array.isArray(value) ? value.map(String) : [];
};

/** The machine's own word, where no step could record one: a timeout, a function that never answered. */
const machineReason = (state: Readonly<Record<string, unknown>>): Reason => {
  const failure = [state['failure'], state['wayBackFailure'], state['restFailure']].find(isFailure);
  return failure
    ? { code: failure.Error, message: causeOf(failure.Cause ?? '') || `A state ended with ${failure.Error}` }
    : {
        code: 'Interrupted',
        message: 'The execution ended without saying why',
        remedy: 'Look at its history in Step Functions',
      };
};

/** As Step Functions catches it; a timeout comes without a cause. */
const isFailure = (value: unknown): value is { readonly Error: string; readonly Cause?: string } =>
  value !== null && typeof value === 'object' && 'Error' in value;

/** Lambda wraps the message of an error into a JSON document. */
const causeOf = (cause: string): string => {
  const [, message] = /"errorMessage"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(cause) ?? [];
  return message ? JSON.parse(`"${message}"`) : cause;
};
