import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import type { Answer } from './end-lines.ts';
import { CALL, shortCommit } from './names.ts';
import type { Paint } from './paint.ts';

/** What became of the first push, or why there was none. */
export type FirstPushView =
  | { readonly kind: 'pushed'; readonly undelivered: string | undefined }
  /** Everything had been pushed, and no release is DONE. */
  | {
      readonly kind: 'pushed before';
      readonly commit: string;
      readonly underWay: boolean;
      readonly last: Deployment | undefined;
    }
  | {
      readonly kind: 'serving';
      readonly stacks: readonly Stack[];
      readonly underWay: boolean;
      readonly answer: Answer;
    };

export const firstPushLines = (view: FirstPushView, paint: Paint): readonly string[] => {
  switch (view.kind) {
    case 'pushed':
      return view.undelivered ? [`GitHub could not deliver the push: ${view.undelivered}`] : [];
    case 'pushed before':
      return [`${shortCommit(view.commit)} was pushed before, so nothing is pushed now: ${standing(view)}`];
    case 'serving':
      return [
        `Resumed: ${view.stacks.map(({ name }) => name).join(', ')} runs its last release, so nothing is pushed.`,
        `  ${paint('link', view.answer.url)} answers ${view.answer.said}`,
        ...view.stacks.flatMap(brokenLine),
        ...(view.underWay ? ['  What was under way goes on.'] : []),
      ];
  }
};

const standing = ({ underWay, last }: Extract<FirstPushView, { kind: 'pushed before' }>): string => {
  if (underWay) return 'it goes on.';
  const why = last?.reason ? `: ${last.reason.message.split('\n')[0]?.replace(/:$/, '')}` : '';
  const ended = last ? `its deployment ended ${last.status}${why}.` : 'no deployment came of it.';
  return `${ended} Commit a fix and push it, or begin anew with npm start -- --fresh.`;
};

const brokenLine = ({ name, status }: Stack): readonly string[] =>
  status === 'BROKEN' ? [`  ${name} is BROKEN by a later deployment: ${CALL} status ${name}`] : [];
