import { StepFailure } from '../domain/failure.ts';
import type { DatabaseFindings } from '../domain/migrations/migrations.ts';
import { evalJoin as decide } from '../domain/plan/eval-join.ts';
import type { Mode, Plan, StackFindings } from '../domain/plan/plan.ts';
import type { Ports } from '../ports.ts';
import { databaseFindingsKey, planKey, stackFindingsKey } from './plan-document.ts';
import { type ReportPorts, report } from './report.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import type { StepContext, StepInput } from './step-context.ts';
import { stepDurations } from './step-durations.ts';

export interface Joined {
  readonly mode: Mode;
  /** A person has to sign the plan first. */
  readonly approval: boolean;
}

/** Joins what CFPlan and PGEval found into the plan of this deployment, or refuses it before anything changed. */
export const evalJoin = (ports: RunStepPorts & ReportPorts & Pick<Ports, 'hash'>, input: StepInput): Promise<Joined> =>
  runStep(ports, input, 'EvalJoin', async (context) => {
    const { release, environment, deployment } = context;
    const evaluation = decide(await found(ports, context), ports.hash);
    if (evaluation.outcome === 'refused') throw refused(evaluation.reasons, evaluation.operator);
    const { plan } = evaluation;
    const approval = needsApproval(plan, environment.approval);
    await ports.documents.put(planKey(input), plan);
    const { mode, hash, reasons, forecast } = plan;
    const noted = await ports.deployments.note(deployment.id, {
      plan: { mode, hash, reasons, outageSeconds: forecast.outageSeconds },
    });
    if (noted.record) await report(ports, noted.record);
    return { answer: { mode, approval }, outputs: { mode, hash, release: release.hash } };
  });

const found = async (ports: Pick<Ports, 'documents' | 'deployments'>, { input, release, deployment }: StepContext) => {
  const stack = await ports.documents.find<{ findings: StackFindings; previousHealthy: boolean }>(
    stackFindingsKey(input),
  );
  if (!stack) throw new StepFailure({ code: 'RecordMissing', message: 'CFPlan left no findings: deploy again' });
  const databases: DatabaseFindings[] = [];
  for (const { key } of release.databases) {
    const findings = await ports.documents.find<DatabaseFindings>(databaseFindingsKey(input, key));
    if (findings) databases.push(findings);
  }
  return {
    deploymentId: deployment.id,
    release: release.hash,
    parameters: release.parameters,
    stack: stack.findings,
    previousHealthy: stack.previousHealthy,
    databaseNames: release.databases.map(({ key }) => key),
    databases,
    ...(release.mode && { override: release.mode }),
    durations: await stepDurations(ports, deployment),
  };
};

/** What the plan itself stops for, always; beyond that, what the environment asks for. */
const needsApproval = ({ approvals, mode }: Plan, wish: 'always' | 'risky' | 'never'): boolean =>
  approvals.length > 0 || wish === 'always' || (wish === 'risky' && mode === 'DOWNTIME');

const refused = (reasons: readonly string[], operator: boolean) =>
  new StepFailure({
    code: operator ? 'DatabaseUnfit' : 'PlanRefused',
    message: reasons.join('\n'),
    left: 'Nothing was changed, what runs goes on',
    remedy: operator ? 'Repair the database, then run slipway resume' : 'Correct it and push again',
  });
