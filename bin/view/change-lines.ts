import { type Deployment, isEnded, type Step } from '../../functions/domain/deployment/deployment.ts';
import { stepsInOrder } from '../../functions/domain/deployment/steps.ts';
import { elapsed } from './duration.ts';
import { CALL, shortName } from './names.ts';
import { outageWords } from './plan-words.ts';
import { stepNote } from './step-note.ts';

/** What is new in a deployment since it was last seen, a line per change: for output that is never redrawn. */
export const changeLines = (
  before: Deployment | undefined,
  after: Deployment,
  explanation: readonly string[] = [],
): readonly string[] => {
  const changed = stepsInOrder(after.steps).filter(({ name, status }) => before?.steps[name]?.status !== status);
  const status = before?.status === after.status ? [] : [after.status];
  const lines = [
    ...(isEnded(after.status) ? [] : status),
    ...changed.filter(({ name }) => isEvaluation(name)).map(stepLine),
    ...(before?.plan || !after.plan ? [] : planLines(after.plan, explanation)),
    ...changed.filter(({ name }) => !isEvaluation(name)).map(stepLine),
    ...changed.filter(isAsking).map(() => `a person has to sign this plan: ${CALL} approve ${after.id}`),
    ...(isEnded(after.status) ? status : []),
  ];
  return lines.map((line) => `${shortName(after)}: ${line}`);
};

/** What comes before the plan in a reader's order. */
const isEvaluation = (name: string) => /^(Stack|PGUpsert|PGEval|CFPlan|EvalJoin)/.test(name);

const stepLine = (step: Step): string => {
  const { name, status, startedAt, endedAt } = step;
  const note = stepNote(step);
  const time = endedAt ? ` after ${elapsed(startedAt, endedAt, 0)}` : '';
  return `${name} ${status}${time}${note ? ` (${note})` : ''}`;
};

const planLines = (
  { mode, outageSeconds, reasons }: NonNullable<Deployment['plan']>,
  explanation: readonly string[],
): readonly string[] => [
  `mode ${mode}, ${outageWords(outageSeconds)}`,
  ...[...reasons.flatMap((reason) => reason.split('\n')), ...explanation].map((line) => `  ${line}`),
];

const isAsking = ({ name, status }: Step) => name === 'AwaitApproval' && status === 'ACTIVE';
