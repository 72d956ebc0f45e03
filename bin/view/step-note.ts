import type { Step } from '../../functions/domain/deployment/deployment.ts';

type Outputs = NonNullable<Step['outputs']>;

/** What a step found or did, in a few words; empty where its name says it all. */
export const stepNote = ({ name, outputs = {}, status, reason }: Step): string => {
  if (status === 'FAILED') return reason?.code ?? '';
  return notes[name.split('.')[0] ?? name]?.(outputs) ?? '';
};

const notes: Readonly<Record<string, (outputs: Outputs) => string | undefined>> = {
  StackWait: ({ stack }) => stack && `stack ${stack}`,
  CFPlan: ({ changes, kind }) => changes && `${counted(changes, 'change')}${kind === 'nothing' ? '' : `, ${kind}`}`,
  PGEval: ({ pending, compatibility, lock }) =>
    pending === '0' ? 'nothing pending' : pending && `${pending} pending, ${compatibility}, lock ${lock}`,
  EvalJoin: ({ mode }) => mode,
  AwaitApproval: ({ approvedBy }) => approvedBy && `signed by ${approvedBy}`,
  CancelUpdates: ({ cancelled, stack }) =>
    cancelled === 'update' ? 'cancelled' : stack && `nothing to cancel, stack ${stack}`,
  ImportPlan: ({ imports }) => imports && `found ${imports}`,
  PGRotate: ({ login }) => login && `new login ${login}`,
  Restart: ({ services }) => services && counted(services, 'service'),
  PGRetire: ({ retired }) => (retired === '' ? 'no old login' : retired && `ended ${retired}`),
  PGDestroy: ({ destroyed }) => destroyed && `${destroyed} is gone`,
  PGMigrate: ({ applied }) => applied && `applied ${applied}`,
  WayBack: ({ decision }) => (decision === 'nothing' ? 'nothing to do' : decision?.replaceAll('-', ' ')),
};

const counted = (count: string, noun: string) => `${count} ${noun}${count === '1' ? '' : 's'}`;
