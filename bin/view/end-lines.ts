import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { deploysRelease } from '../../functions/domain/plan/strategy.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { elapsed } from './duration.ts';
import { CALL, shortName } from './names.ts';
import type { Paint } from './paint.ts';
import { label, reasonLines } from './reason-lines.ts';

/** What the service's own address said, asked once. */
export interface Answer {
  readonly url: string;
  /** `200 OK: Welcome to the shop`, or why there was none. */
  readonly said: string;
}

export interface Ended {
  readonly deployment: Deployment;
  /** As it was left; undefined when it is gone. */
  readonly stack: Stack | undefined;
  readonly answer: Answer | undefined;
}

/** How a deployment ended: what runs and where, or what went wrong and the way back. */
export const endLines = (ended: Ended, paint: Paint): readonly string[] => {
  const { deployment, answer } = ended;
  const time = elapsed(deployment.createdAt, deployment.updatedAt, 0);
  if (deployment.status === 'DONE')
    return [
      `${paint('good', '✔')} ${shortName(deployment)} ${doneWords(deployment)}, after ${time}${outage(deployment)}.`,
      ...answerLines('', answer, paint),
    ];
  if (deployment.status === 'SUPERSEDED')
    return [`- ${shortName(deployment)} was superseded by ${deployment.supersededBy ?? 'a newer one'}.`];
  return [
    `${paint('bad', '✘')} ${shortName(deployment)} ${deployment.status}, after ${time}.`,
    ...badEnd(ended, paint),
  ];
};

const doneWords = ({ strategy }: Deployment) => (deploysRelease(strategy) ? 'runs' : `has had its ${strategy}`);

/** How long nothing served, where the plan took that into account. */
const outage = ({ plan, steps }: Deployment): string => {
  const { ScaleDown, ScaleUp } = steps;
  const time = elapsed(ScaleDown?.startedAt, ScaleUp?.endedAt, 0);
  return plan?.mode === 'DOWNTIME' && time && ScaleUp?.endedAt ? `, down for at most ${time} of it` : '';
};

const badEnd = ({ deployment, stack, answer }: Ended, paint: Paint): readonly string[] => {
  const broken = stack?.broken?.deploymentId === deployment.id ? stack.broken : undefined;
  const reason = deployment.reason ?? { code: deployment.status, message: 'No reason was recorded' };
  return [
    ...reasonLines(reason, broken?.left ?? [], paint),
    ...answerLines(label('What serves', paint), answer, paint),
    ...(deployment.status === 'TERMINATED' && !broken ? [] : wayBack(stack, broken?.operatorNeeded ?? false, paint)),
  ];
};

const answerLines = (before: string, answer: Answer | undefined, paint: Paint): readonly string[] =>
  answer ? [`  ${before}${paint('link', answer.url)} answers ${answer.said}`] : [];

const wayBack = (stack: Stack | undefined, operatorNeeded: boolean, paint: Paint): readonly string[] => {
  const back = label('Way back', paint);
  if (stack?.status !== 'BROKEN') return [`  ${back}Nothing is held: commit a fix and push it.`];
  const resume = `${CALL} resume ${stack.name}`;
  return operatorNeeded
    ? [
        `  ${back}${stack.name} is BROKEN, its queue is held, and it needs you: set right what is named above, then ${resume}`,
      ]
    : [
        `  ${back}${stack.name} is BROKEN and its queue is held: push a fix, which runs by itself where the environment fixes forward; or ${resume}`,
      ];
};
