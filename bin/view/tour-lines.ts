import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Chapter } from '../local/tour-file.ts';
import type { Paint } from './paint.ts';

export const introLines = (releases: number, perSecond: number): readonly string[] => [
  `The tour pushes the ${releases} releases of acme/shop, one after the other.`,
  `From the first that answers, its users ask the shop ${perSecond} times a second.`,
  'What they lost stands at the end.',
];

/** Before a release is pushed: which it is, and what it changes. */
export const chapterLines = (
  { release, says }: Chapter,
  turn: { readonly number: number; readonly of: number },
  paint: Paint,
): readonly string[] => ['', paint('strong', `── ${turn.number} of ${turn.of}: ${release}`), says];

/** Why the tour goes no further; undefined when what came of a release is what it is on the tour for. */
export const surprise = ({ release, mode, ends }: Chapter, deployment: Deployment | undefined): string | undefined => {
  if (!deployment) return `No deployment came of ${release}.`;
  const { status, plan } = deployment;
  if (status === ends && plan?.mode === mode) return undefined;
  return `${release} should have ended ${ends} in mode ${mode}; it ended ${status} ${plan ? `in mode ${plan.mode}` : 'without a plan'}.`;
};

export const surpriseLines = (what: string, paint: Paint): readonly string[] => [
  '',
  `${paint('bad', '✘')} ${what} The tour ends here.`,
];
