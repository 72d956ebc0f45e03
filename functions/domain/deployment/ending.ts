import { NO_PASSWORD } from '../database/login-kind.ts';
import { type Reason, shortReason } from '../reason.ts';
import type { Left, Stack } from '../stack/stack.ts';
import type { Deployment, Step } from './deployment.ts';

export interface Ending {
  readonly reason: Reason;
  readonly left: Left;
}

/** Steps that change what runs or what is stored; what fails before the first of them has changed nothing. */
const CHANGING = [
  'CFUpsert',
  'Import',
  'InfraMigrate',
  'PGDestroy',
  'PGMigrate',
  'PGRetire',
  'PGRotate',
  'Restart',
  'ScaleDown',
  'ScaleUp',
  'VersionMigrate',
];

/** Reasons with which a changing step ends before it has changed anything, or with proof that it has not. */
const REFUSALS = [
  'Cancelled',
  'ChangeSetRefused',
  'ClusterSilent',
  'DatabaseLoginChanged',
  'DatabaseMissing',
  'DatabaseServerUnknown',
  'DatabaseTaken',
  'ForeignTemplate',
  'HostGone',
  'LockTimeout',
  'MigrationNotStarted',
  'MigrationsChanged',
  'OutsidePlan',
  'PrioritiesExhausted',
  'RecordMissing',
  'SecretDeleted',
  'SecretMissing',
  'SidecarNotStarted',
  'SidecarUnreachable',
  'StaleFence',
  'TaskRefused',
];

/** Codes of steps that did not fail, but were ended with their deployment. */
const ENDED_WITH_IT = ['Cancelled', 'Interrupted'];

/** Why a deployment ended badly and what it left, from the records of its steps and what its machine knew. */
export const endingOf = (
  deployment: Deployment,
  state: Readonly<Record<string, unknown>> = {},
  stack: Pick<Stack, 'release'> = {},
): Ending => {
  const steps = Object.values(deployment.steps);
  const failed = steps
    .filter(({ status, name }) => status === 'FAILED' && !['Rest', 'WayBack'].includes(word(name)))
    .sort((a, b) => (a.endedAt ?? '').localeCompare(b.endedAt ?? ''));
  const left = leftBy(deployment, steps, stack);
  const reason = cancelled(deployment, failed, left) ?? failed[0]?.reason ?? machineReason(state);
  return { reason, left };
};

/** Who asked for the end is the reason; a step that had failed by itself before is told with it. */
const cancelled = ({ cancelledBy }: Deployment, failed: readonly Step[], left: Left): Reason | undefined => {
  if (!cancelledBy) return undefined;
  const own = failed.find(({ reason }) => reason && !ENDED_WITH_IT.includes(reason.code));
  const at = own ?? failed[0];
  return {
    code: 'Cancelled',
    message: `${cancelledBy} asked to end this deployment${own?.reason ? `; by then ${own.name} had failed: ${own.reason.message}` : ''}`,
    ...(at && { step: at.name }),
    left: left.kind === 'changed' ? left.what.join('\n') : 'Nothing was left of it: what ran before it runs',
    remedy: remedyFor(left),
  };
};

const remedyFor = (left: Left): string => {
  if (left.kind === 'unchanged') return 'Push again when you want it';
  return left.operatorNeeded
    ? 'Set right what was left, then run slipway resume'
    : 'Push again where the environment fixes forward, or run slipway resume';
};

const leftBy = (deployment: Deployment, steps: readonly Step[], stack: Pick<Stack, 'release'>): Left => {
  const unfit = steps.find(({ reason }) => reason?.code === 'DatabaseUnfit')?.reason;
  if (unfit) return { kind: 'changed', what: [unfit.message], operatorNeeded: true };
  const changed = steps.filter(hasChanged);
  if (changed.length === 0 || wasTakenBack(deployment, changed, stack)) return { kind: 'unchanged' };
  const wayBack = deployment.steps['WayBack'];
  const found: readonly string[] = [
    ...parsed(wayBack?.outputs?.['left']),
    ...(wayBack?.status === 'FAILED' && wayBack.reason ? [`The way back failed: ${wayBack.reason.message}`] : []),
  ];
  const staysDown = wayBack?.outputs?.['decision'] === 'stay-down' || wayBack?.status === 'FAILED';
  const stuck = deployment.steps['Rest']?.status === 'FAILED';
  const { finished, undone } = deployment.steps['Rest']?.outputs ?? {};
  const what = changed.map(({ name, status }) => {
    if (parsed(finished).includes(name)) return `${name} was past stopping and has been carried out`;
    if (parsed(undone).includes(name)) return `${name} was taken back`;
    return status === 'DONE' ? `${name} had been done` : `${name} had begun`;
  });
  return { kind: 'changed', what: [...what, ...found, ...loginsLeft(steps)], operatorNeeded: staysDown || stuck };
};

/** After a rotation that failed: who can still log in. */
const loginsLeft = (steps: readonly Step[]): readonly string[] => {
  const changed = (name: string) => steps.some((step) => word(step.name) === name && hasChanged(step));
  if (changed('PGRetire'))
    return [
      'The services run with their new logins; ask for rotate-credentials again to end the old ones that are left',
    ];
  return changed('PGRotate')
    ? ['Old and new logins both work, and nothing stopped serving; ask for rotate-credentials again to finish']
    : [];
};

/**
 * Nothing is wrong with a release that somebody took back. Where every change of it was taken back too, by CloudFormation's
 * rollback or by the way back to the release before it, and no database has moved, the stack is as free as it was.
 */
const wasTakenBack = (
  { cancelledBy, steps }: Deployment,
  changed: readonly Step[],
  stack: Pick<Stack, 'release'>,
): boolean => {
  const { WayBack, Rest } = steps;
  if (!cancelledBy || WayBack?.status !== 'DONE' || parsed(WayBack.outputs?.['left']).length > 0) return false;
  const cameBack = stack.release !== undefined && CAME_BACK.includes(WayBack.outputs?.['status'] ?? '');
  const undone = parsed(Rest?.outputs?.['undone']);
  return changed.every(
    ({ name }) => name.startsWith('PGMigrate.') || undone.includes(name) || (cameBack && BY_UPDATE.includes(name)),
  );
};

/** Steps whose whole effect is an update of the stack. */
const BY_UPDATE = ['CFUpsert', 'ScaleDown', 'InfraMigrate', 'VersionMigrate', 'ScaleUp'];

/** Ends of the update with which the way back scales the release before this one up again. */
const CAME_BACK = ['UPDATE_COMPLETE', 'no changes'];

/** Whether a step may have changed what runs or what is stored, as its record has it. */
export const hasChanged = (step: Step): boolean => {
  if (!CHANGING.includes(word(step.name))) return false;
  if (step.status === 'FAILED') return !REFUSALS.includes(step.reason?.code ?? '');
  return step.status === 'ACTIVE' || (step.status === 'DONE' && !foundNothing(step));
};

/** In the words of the steps: no change set was executed, no migration task was started, there was no password. */
const foundNothing = ({ outputs = {} }: Step): boolean =>
  outputs['status'] === 'no changes' ||
  outputs['applied'] === 'nothing was pending' ||
  [outputs['rotated'], outputs['retired']].includes(NO_PASSWORD);

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
    ? shortReason({
        code: failure.Error,
        message: causeOf(failure.Cause ?? '') || `A state ended with ${failure.Error}`,
      })
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
