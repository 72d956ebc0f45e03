import type { Stack } from '../stack/stack.ts';
import type { Preview } from './preview.ts';

export interface PreviewSituation extends Pick<Preview, 'strategy' | 'missingImages'> {
  /** Undefined before the first deployment. */
  readonly stack: Stack | undefined;
}

/** What a deployment would have to wait for, and what it would not: each a sentence. */
export const previewNotes = ({ strategy, missingImages, stack }: PreviewSituation): readonly string[] => [
  ...(strategy === 'quick' ? [QUICK] : []),
  ...missingImages.map((image) => `Image ${image} does not exist yet: a deployment waits for it first.`),
  ...(stack ? holds(stack) : []),
];

const QUICK =
  'It would run as quick: release and migrations at once. This evaluation is only shown; nothing waits for it.';

const holds = ({ name, current, queue, status }: Stack): readonly string[] => [
  ...(current
    ? [`Stack ${name} is held by ${current.deploymentId}: what that one still changes is not in this plan.`]
    : []),
  ...(queue.length > 0 ? [`Queued before it: ${queue.map(({ deploymentId }) => deploymentId).join(', ')}.`] : []),
  ...(status === 'BROKEN'
    ? [`Stack ${name} is BROKEN: a deployment waits until it is resumed, or until a fix is pushed.`]
    : []),
];
