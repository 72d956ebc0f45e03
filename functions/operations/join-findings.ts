import type { DatabaseFindings } from '../domain/migrations/migrations.ts';
import { evalJoin } from '../domain/plan/eval-join.ts';
import type { Evaluation, Plan } from '../domain/plan/plan.ts';
import type { Ports } from '../ports.ts';
import type { StackEvaluation } from './evaluate-stack.ts';
import type { Planning } from './planning.ts';
import { stepDurations } from './step-durations.ts';

export type JoinPorts = Pick<Ports, 'hash' | 'deployments'>;

export interface Found {
  /** Of the deployment, or of the request that only asks. */
  readonly id: string;
  readonly stack: StackEvaluation;
  readonly databases: readonly DatabaseFindings[];
}

/** Joins what was found out about stack and databases into a plan, or refuses it. */
export const joinFindings = async (
  ports: JoinPorts,
  { release }: Pick<Planning, 'release'>,
  { id, stack, databases }: Found,
): Promise<Evaluation> =>
  evalJoin(
    {
      deploymentId: id,
      release: release.hash,
      parameters: release.parameters,
      stack: stack.findings,
      previousHealthy: stack.previousHealthy,
      databaseNames: release.databases.map(({ key }) => key),
      databases,
      ...(release.mode && { override: release.mode }),
      durations: await stepDurations(ports, release),
    },
    ports.hash,
  );

/** What the plan itself stops for, always; beyond that, what the environment asks for. */
export const needsApproval = ({ approvals, mode }: Plan, { approval }: Planning['environment']): boolean =>
  approvals.length > 0 || approval === 'always' || (approval === 'risky' && mode === 'DOWNTIME');
