import type { Deployment, Step } from './deployment.ts';

type Steps = Deployment['steps'];

/** Steps as they started; those that have not started come last, by name. */
export const stepsInOrder = (steps: Steps): readonly Step[] =>
  Object.values(steps).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));

/** What keeps a deployment from being DONE: every step that is neither DONE nor SKIPPED, blocked ones too. */
export const unfinishedSteps = (steps: Steps): readonly Step[] =>
  stepsInOrder(steps).filter(({ status }) => status !== 'DONE' && status !== 'SKIPPED');

export const failedSteps = (steps: Steps): readonly Step[] =>
  stepsInOrder(steps).filter(({ status }) => status === 'FAILED');

/** By code units, in which `~` comes after every ISO time; a locale would put it first. */
const orderOf = ({ startedAt = '~', name }: Step) => `${startedAt} ${name}`;
