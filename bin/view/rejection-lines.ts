import { shortCommit } from './names.ts';
import type { Paint } from './paint.ts';

/** A push of which no deployment came. */
export interface Rejection {
  readonly commit: string;
  readonly environment?: string;
  /** What it is called in the request's outcome: REJECTED, OVERTAKEN, IGNORED, ... */
  readonly outcome: string;
  /** First line: what is wrong; each further one a place, as `app.yaml:4:7 runtimes[0].foo: ...`. */
  readonly reason: string;
}

/** Why a push changed nothing, every place of a refused configuration on a line of its own. */
export const rejectionLines = (rejection: Rejection, paint: Paint): readonly string[] => {
  const { commit, environment, outcome, reason } = rejection;
  const [what = '', ...places] = reason.split('\n');
  const where = environment ? ` for ${environment}` : '';
  // A branch that was deleted has none.
  const push = commit === '' ? 'A push' : shortCommit(commit);
  if (outcome !== 'REJECTED') return [`${push}${where}: nothing to deploy. ${what}`];
  return [
    `${paint('bad', '✘')} ${push}${where} was refused: ${what}`,
    ...places.map((place) => `  ${place}`),
    '  Nothing was changed, what runs goes on. Correct it, commit and push again.',
  ];
};
