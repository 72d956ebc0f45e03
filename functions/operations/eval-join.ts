import { StepFailure } from '../domain/failure.ts';
import type { DatabaseFindings } from '../domain/migrations/migrations.ts';
import type { Mode, Plan } from '../domain/plan/plan.ts';
import { shortList } from '../domain/short-text.ts';
import type { Ports } from '../ports.ts';
import type { StackEvaluation } from './evaluate-stack.ts';
import { joinFindings, needsApproval } from './join-findings.ts';
import { databaseFindingsKey, planKey, stackFindingsKey } from './plan-document.ts';
import { type ReportPorts, report } from './report.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import type { StepContext, StepInput } from './step-context.ts';

export interface Joined {
  readonly mode: Mode;
  /** A person has to sign the plan first. */
  readonly approval: boolean;
}

/** Joins what CFPlan and PGEval found into the plan of this deployment, or refuses it before anything changed. */
export const evalJoin = (ports: RunStepPorts & ReportPorts & Pick<Ports, 'hash'>, input: StepInput): Promise<Joined> =>
  runStep(ports, input, 'EvalJoin', async (context) => {
    const { release, environment } = context;
    const evaluation = await joinFindings(ports, context, await found(ports, context));
    if (evaluation.outcome === 'refused') throw refused(evaluation.reasons, evaluation.operator);
    const { plan } = evaluation;
    const approval = needsApproval(plan, environment);
    await Promise.all([ports.documents.put(planKey(input), plan), announce(ports, context, plan)]);
    const { mode, hash } = plan;
    return { answer: { mode, approval }, outputs: { mode, hash, release: release.hash } };
  });

/** In the record, and to GitHub. */
const announce = async (ports: ReportPorts, { input }: StepContext, plan: Plan): Promise<void> => {
  const { mode, hash, reasons, forecast } = plan;
  const noted = await ports.deployments.note(input.deploymentId, {
    plan: { mode, hash, reasons: shortList(reasons, planKey(input)), outageSeconds: forecast.outageSeconds },
  });
  if (noted.record) await report(ports, noted.record);
};

const found = async ({ documents }: Pick<Ports, 'documents'>, { input, release, deployment }: StepContext) => {
  const [stack, ...databases] = await Promise.all([
    documents.find<StackEvaluation>(stackFindingsKey(input)),
    ...release.databases.map(({ key }) => documents.find<DatabaseFindings>(databaseFindingsKey(input, key))),
  ]);
  if (!stack) throw new StepFailure({ code: 'RecordMissing', message: 'CFPlan left no findings: deploy again' });
  return { id: deployment.id, stack, databases: databases.filter((findings) => findings !== undefined) };
};

const refused = (reasons: readonly string[], operator: boolean) =>
  new StepFailure({
    code: operator ? 'DatabaseUnfit' : 'PlanRefused',
    message: reasons.join('\n'),
    left: 'Nothing was changed, what runs goes on',
    remedy: operator ? 'Repair the database, then run slipway resume' : 'Correct it and push again',
  });
