import { nextTry } from '../domain/retry-name.ts';
import type { FailedRequest, Ports } from '../ports.ts';

export type RepeatPorts = Pick<Ports, 'machines' | 'clock'>;

/** As long as GitHub keeps a delivery: what could not be accepted by then is an operator's. */
const HORIZON_MILLIS = 3 * 24 * 60 * 60_000;
const MOST_AT_ONCE = 20;

/**
 * Starts the next try of pushes whose request a fault has ended; one that ended well is never repeated. A commit that
 * has been overtaken meanwhile ends so. Answers how many were started.
 */
export const repeatRequests = async ({ machines, clock }: RepeatPorts): Promise<number> => {
  const now = clock.now().getTime();
  const failed = await machines.listFailedRequests(new Date(now - HORIZON_MILLIS));
  const due = failed.filter(({ name, stoppedAt }) => Date.parse(stoppedAt) + nextTry(name).waitMillis <= now);
  let started = 0;
  for (const { arn, name } of withoutTried(due, failed)) {
    if (started === MOST_AT_ONCE) break;
    const next = nextTry(name).name;
    if (await machines.find(arn.replace(/[^:]+$/, next))) continue;
    const input = await machines.inputOf(arn);
    if (!('kind' in input) || input.kind !== 'push') continue;
    if ((await machines.start('request', next, input)).kind === 'started') started += 1;
  }
  return started;
};

/** Those whose next try has failed as well are its business. */
const withoutTried = (due: readonly FailedRequest[], failed: readonly FailedRequest[]): readonly FailedRequest[] => {
  const names = new Set(failed.map(({ name }) => name));
  return due.filter(({ name }) => !names.has(nextTry(name).name));
};
