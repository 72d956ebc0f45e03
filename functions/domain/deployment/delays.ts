import type { Callback } from '../callback.ts';
import { type Deployment, isEnded } from './deployment.ts';

export interface Delays {
  /** Age of the oldest deployment that no stack has begun. */
  readonly queueSeconds?: number;
  /** How long the deployment that moved longest ago has not moved. */
  readonly standstillSeconds?: number;
}

/** What waits, and what runs without moving; a deployment whose plan a person has to sign stands still by right. */
export const delaysOf = (
  deployments: readonly Deployment[],
  callbacks: readonly Callback[],
  nowMillis: number,
): Delays => {
  const forPeople = new Set(
    callbacks.filter(({ waitsFor }) => waitsFor.kind === 'approval').map(({ deploymentId }) => deploymentId),
  );
  const queued = deployments.filter(({ status }) => status === 'QUEUED').map(({ createdAt }) => createdAt);
  const running = deployments
    .filter(({ id, status }) => status !== 'QUEUED' && !isEnded(status) && !forPeople.has(id))
    .map(({ updatedAt }) => updatedAt);
  return {
    ...(queued.length > 0 && { queueSeconds: longest(queued, nowMillis) }),
    ...(running.length > 0 && { standstillSeconds: longest(running, nowMillis) }),
  };
};

const longest = (times: readonly string[], nowMillis: number): number =>
  Math.max(0, ...times.map((at) => (nowMillis - Date.parse(at)) / 1000));
