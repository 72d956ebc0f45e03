import { type Deployment, isEnded, type Step, type StepStatus } from '../../functions/domain/deployment/deployment.ts';
import { commitOf } from '../../functions/domain/deployment/report.ts';
import { stepsInOrder } from '../../functions/domain/deployment/steps.ts';
import { elapsed } from './duration.ts';
import { CALL, shortCommit, shortRef } from './names.ts';
import type { Paint, Style } from './paint.ts';
import { outageWords } from './plan-words.ts';
import { stepNote } from './step-note.ts';

export interface Shown {
  readonly deployment: Deployment;
  /** First line of the commit's message, where it is known. */
  readonly subject?: string | undefined;
  /** What follows from the plan, for somebody who has not seen one before. */
  readonly explanation?: readonly string[] | undefined;
}

/** One deployment as it stands: where it comes from, its plan with the reasons, and its steps in the order they began. */
export const deploymentLines = (
  { deployment, subject, explanation = [] }: Shown,
  now: number,
  paint: Paint,
): readonly string[] => [
  headline(deployment, subject, paint),
  statusLine(deployment, now, paint),
  ...(deployment.plan?.reasons ?? []).flatMap((reason) => reason.split('\n')).map((line) => `  ${line}`),
  ...explanation.map((line) => `  ${line}`),
  '',
  ...stepTable(stepsInOrder(deployment.steps), now, paint),
  ...approvalLines(deployment, paint),
];

const headline = (deployment: Deployment, subject: string | undefined, paint: Paint) => {
  const { stackName, environment, version, source, actor } = deployment;
  const ref = source.ref === undefined ? '' : ` of ${shortRef(source.ref)}`;
  const what = `${shortCommit(commitOf(deployment) ?? version)}${ref}${subject ? `, "${subject}"` : ''}`;
  return `${paint('strong', stackName)}  ${what} by ${actor}, to environment ${environment}`;
};

const statusLine = ({ status, strategy, plan, createdAt, updatedAt }: Deployment, now: number, paint: Paint) => {
  const time = elapsed(createdAt, isEnded(status) ? updatedAt : undefined, now);
  const chosen = plan ? [paint('strong', plan.mode), outageWords(plan.outageSeconds)] : [];
  const wish = strategy === 'full' ? [] : [strategy];
  return [`${paint(styleOf(status), status)} ${time}`, ...wish, ...chosen].join(', ');
};

const styleOf = (status: Deployment['status']): Style => {
  if (status === 'DONE') return 'good';
  return isEnded(status) ? 'bad' : 'warn';
};

const stepTable = (steps: readonly Step[], now: number, paint: Paint): readonly string[] => {
  const width = Math.max(0, ...steps.map(({ name }) => name.length));
  return steps.map((step) => {
    const { name, status, startedAt, endedAt } = step;
    const { sign, style } = signs[status];
    const time = elapsed(startedAt, endedAt, now) ?? '';
    const row = `${name.padEnd(width)}  ${time.padStart(10)}`;
    return `  ${paint(style, sign)} ${row}  ${paint('dim', stepNote(step))}`.trimEnd();
  });
};

const signs: Readonly<Record<StepStatus, { readonly sign: string; readonly style: Style }>> = {
  BLOCKED: { sign: '·', style: 'dim' },
  READY: { sign: '·', style: 'dim' },
  ACTIVE: { sign: '●', style: 'warn' },
  DONE: { sign: '✔', style: 'good' },
  FAILED: { sign: '✘', style: 'bad' },
  SKIPPED: { sign: '-', style: 'dim' },
};

const approvalLines = ({ id, steps, status }: Deployment, paint: Paint): readonly string[] =>
  steps['AwaitApproval']?.status === 'ACTIVE' && !isEnded(status)
    ? ['', `  ${paint('warn', 'A person has to sign this plan:')} ${CALL} approve ${id}`]
    : [];
