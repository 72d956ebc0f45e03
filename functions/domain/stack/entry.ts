import type { Deployment } from '../deployment/deployment.ts';
import { deploysRelease } from '../plan/strategy.ts';
import type { QueueEntry } from './stack.ts';

/**
 * The place in the queue of an accepted deployment. What a person asked for by commit, without a branch, or with a
 * strategy that does not deploy the release means that very run, and nothing else can stand for it.
 */
export const entryOf = (deployment: Deployment, mustRun: boolean): QueueEntry => {
  const { id, strategy, pinned, source, createdAt } = deployment;
  const isFull = deploysRelease(strategy) && !pinned && source.ref !== undefined;
  return {
    deploymentId: id,
    kind: isFull ? 'full' : 'other',
    ...(mustRun && { mustRun }),
    ...(source.ref && { ref: source.ref }),
    acceptedAt: createdAt,
  };
};
