import type { Deployment } from '../functions/domain/deployment/deployment.ts';
import type { Stack } from '../functions/domain/stack/stack.ts';
import type { Ports } from '../functions/ports.ts';
import type { StackView } from './view/stack-lines.ts';

/** How many ended deployments of a stack are shown. */
const LAST = 5;

/** A stack with the records of what it names. */
export const viewOf = async (
  { deployments }: Pick<Ports, 'deployments'>,
  stack: Stack,
): Promise<Omit<StackView, 'waits'>> => {
  const holder = stack.current?.deploymentId;
  const waiting = stack.queue.map(({ deploymentId }) => deploymentId);
  const newest = await deployments.listOfStack(stack.name, LAST + waiting.length + 1);
  const records = await Promise.all(waiting.map((id) => deployments.find(id)));
  return {
    stack,
    current: holder === undefined ? undefined : await deployments.find(holder),
    queued: records.filter((record): record is Deployment => record !== undefined),
    last: newest.filter(({ id }) => id !== holder && !waiting.includes(id)).slice(0, LAST),
  };
};
