import { sameJson } from '../same-json.ts';
import { type Deployment, isEnded, type Step } from './deployment.ts';
import type { DeploymentTransition } from './transition.ts';
import { deploymentTransitions } from './transitions.ts';

/** A new record, or the one that the same request left before: a redelivery gets the same answer. */
export const requested = (existing: Deployment | undefined, deployment: Deployment): DeploymentTransition => {
  if (!existing) return { kind: 'moved', deployment: { ...deployment, status: deploymentTransitions.NONE.Requested } };
  const same = existing.stackName === deployment.stackName && existing.strategy === deployment.strategy;
  if (same) return { kind: 'repeated', deployment: existing };
  return {
    kind: 'refused',
    code: 'IdTaken',
    reason: `The id ${existing.id} belongs to a ${existing.strategy} deployment of ${existing.stackName} asked for by ${existing.actor} at ${existing.createdAt}. Nothing was queued; ask again under an id of your own`,
  };
};

export type DeploymentFacts = Partial<
  Pick<Deployment, 'plan' | 'approval' | 'checkRunId' | 'githubDeploymentId' | 'cancelledBy' | 'cancelledAt'>
>;

/**
 * Facts that are no status. What GitHub answered can be noted after the end, too; an answer to a plan stands, and so does
 * the name of the first one who asked to end the deployment.
 */
export const noted = (existing: Deployment | undefined, facts: DeploymentFacts, at: string): DeploymentTransition => {
  if (!existing) return { kind: 'refused', code: 'NoSuchDeployment', reason: 'There is no deployment to note this on' };
  const deployment = { ...existing, ...facts };
  if (sameJson(existing, deployment)) return { kind: 'repeated', deployment: existing };
  if (isEnded(existing.status) && (facts.plan ?? facts.approval ?? facts.cancelledBy) !== undefined)
    return {
      kind: 'refused',
      code: 'StatusRefuses',
      reason: `Deployment ${existing.id} is ${existing.status}: it can be neither planned, approved nor cancelled any more`,
    };
  if (facts.cancelledBy && existing.cancelledBy) return { kind: 'repeated', deployment: existing };
  const { approval } = existing;
  if (approval && facts.approval && approval.hash === facts.approval.hash)
    return sameAnswer(approval, facts.approval)
      ? { kind: 'repeated', deployment: existing }
      : {
          kind: 'refused',
          code: 'Answered',
          reason: `${approval.actor} ${approval.granted ? 'approved' : 'refused'} this plan at ${approval.at}; that answer stands`,
        };
  return { kind: 'moved', deployment: { ...deployment, updatedAt: at } };
};

type Approval = NonNullable<Deployment['approval']>;

const sameAnswer = (a: Approval, b: Approval): boolean => a.actor === b.actor && a.granted === b.granted;

/** One step as it is now. Only the fence decides: what a step became is true after the deployment's end, too. */
export const stepPut = (
  existing: Deployment | undefined,
  fence: number,
  step: Step,
  at: string,
): DeploymentTransition => {
  if (!existing)
    return { kind: 'refused', code: 'NoSuchDeployment', reason: `There is no deployment for ${step.name}` };
  if (existing.fence !== fence)
    return {
      kind: 'refused',
      code: 'StaleFence',
      reason: `Deployment ${existing.id} runs under fence ${existing.fence ?? '(none)'}, so ${step.name} of fence ${fence} was not recorded`,
    };
  const standing = existing.steps[step.name];
  if (sameJson(standing, step) || (standing && isLate(standing, step)))
    return { kind: 'repeated', deployment: existing };
  return { kind: 'moved', deployment: { ...existing, steps: { ...existing.steps, [step.name]: step }, updatedAt: at } };
};

/**
 * Whether a newer try of the step stands, or this try's end: a function that was slow, or an event that comes twice, does
 * not take it back. A try is known by the moment it began.
 */
const isLate = (standing: Step, { startedAt = '' }: Step): boolean => {
  const { startedAt: begun = '', status } = standing;
  return begun > startedAt || (begun === startedAt && begun !== '' && (status === 'DONE' || status === 'FAILED'));
};
