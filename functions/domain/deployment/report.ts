import { deploysRelease } from '../plan/strategy.ts';
import type { Reason } from '../reason.ts';
import type { Annotation, CheckReport, DeploymentState } from '../report.ts';
import type { Deployment, DeploymentStatus, RepositoryRef } from './deployment.ts';
import { stepsInOrder } from './steps.ts';

/** The repository that asked for a deployment, where one did. */
export const repositoryOf = ({ source }: Deployment): RepositoryRef | undefined => source.repository;

export const commitOf = ({ source }: Deployment): string | undefined =>
  source.kind === 'push' ? source.after : source.commit;

/** The check run of a deployment: where it stands, why this plan, which step failed and what to do. */
export const checkOf = (deployment: Deployment, commit: string): CheckReport => ({
  name: checkName(deployment),
  commit,
  externalId: deployment.id,
  status: checkStatusOf(deployment.status),
  title: titleOf(deployment),
  summary: [...planLines(deployment), ...stepLines(deployment), ...reasonLines(deployment.reason)].join('\n'),
  annotations: [],
});

/** What is no release of the commit does not stand in the place where its releases are reported. */
const checkName = ({ environment, application, strategy }: Deployment): string =>
  `slipway/${environment}/${application}${deploysRelease(strategy) ? '' : `/${strategy}`}`;

/** A request that never became a deployment: a refused configuration, an image that never came. */
export const rejectionOf = (request: {
  readonly id: string;
  readonly environment: string;
  readonly commit: string;
  readonly reason: Reason;
  readonly annotations: readonly Annotation[];
}): CheckReport => ({
  name: `slipway/${request.environment}`,
  commit: request.commit,
  externalId: request.id,
  status: 'failure',
  title: request.reason.message.split('\n')[0] ?? request.reason.code,
  summary: reasonLines(request.reason).join('\n'),
  annotations: request.annotations,
});

export const deploymentStateOf = (status: DeploymentStatus): DeploymentState => {
  switch (status) {
    case 'QUEUED':
      return 'queued';
    case 'TRIGGERED':
    case 'WAITING':
    case 'AVAILABLE':
    case 'RUNNING':
      return 'in_progress';
    case 'DONE':
      return 'success';
    case 'SUPERSEDED':
      return 'inactive';
    case 'FAILED':
    case 'REJECTED':
      return 'failure';
    case 'TERMINATED':
      return 'error';
  }
};

const checkStatusOf = (status: DeploymentStatus): CheckReport['status'] => {
  const state = deploymentStateOf(status);
  if (state === 'inactive') return 'neutral';
  if (state === 'error') return 'cancelled';
  return state;
};

const titleOf = ({ status, environment, reason, plan }: Deployment): string => {
  if (reason) return `${environment}: ${status.toLowerCase()}, ${reason.message.split('\n')[0]}`;
  return `${environment}: ${status.toLowerCase()}${plan ? ` (${plan.mode})` : ''}`;
};

const planLines = ({ plan }: Deployment): readonly string[] =>
  plan
    ? [`**${plan.mode}**, predicted outage ${plan.outageSeconds} s`, ...plan.reasons.map((reason) => `- ${reason}`), '']
    : [];

const stepLines = ({ steps }: Deployment): readonly string[] => {
  const rows = stepsInOrder(steps);
  return rows.length === 0
    ? []
    : ['| step | state |', '|---|---|', ...rows.map(({ name, status }) => `| ${name} | ${status} |`), ''];
};

const reasonLines = (reason: Reason | undefined): readonly string[] =>
  reason
    ? [
        reason.message,
        ...(reason.step ? [`Step: ${reason.step}`] : []),
        ...(reason.left ? [`State of the world: ${reason.left}`] : []),
        ...(reason.remedy ? [`What to do: ${reason.remedy}`] : []),
      ]
    : [];
