import type { Deployment } from '../domain/deployment/deployment.ts';
import type { StepDurations } from '../domain/plan/forecast.ts';
import type { Ports } from '../ports.ts';

/** How many earlier deployments of a stack tell how long its steps take. */
const LOOK_BACK = 10;

/** Seconds that each step of this stack's last deployments took. */
export const stepDurations = async (
  { deployments }: Pick<Ports, 'deployments'>,
  { stackName }: Pick<Deployment, 'stackName'>,
): Promise<StepDurations> => {
  const durations: Record<string, number[]> = {};
  for (const { steps } of await deployments.listOfStack(stackName, LOOK_BACK))
    for (const { name, status, startedAt, endedAt } of Object.values(steps)) {
      if (status !== 'DONE' || !startedAt || !endedAt) continue;
      durations[name] ??= [];
      durations[name].push((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
    }
  return durations;
};
