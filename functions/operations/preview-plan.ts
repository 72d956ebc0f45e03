import type { Draft } from '../domain/draft.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Evaluation } from '../domain/plan/plan.ts';
import { gistOf, type Preview } from '../domain/plan/preview.ts';
import { previewNotes } from '../domain/plan/preview-notes.ts';
import { deploysRelease, type Strategy, strategyFor } from '../domain/plan/strategy.ts';
import type { Request } from '../domain/request.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import type { EvaluateMigrationsPorts } from './evaluate-migrations.ts';
import { type JoinPorts, joinFindings, needsApproval } from './join-findings.ts';
import { mayBeQuick } from './may-be-quick.ts';
import { keepFindings } from './plan-document.ts';
import type { Planning } from './planning.ts';
import { previewDatabase } from './preview-database.ts';
import { type PreviewStackPorts, previewStack } from './preview-stack.ts';
import { type SubjectPorts, subjectOf } from './preview-subject.ts';

export type PreviewPorts = EvaluateMigrationsPorts & PreviewStackPorts & JoinPorts & SubjectPorts;

export interface Previewed {
  readonly outcome: 'PLANNED' | 'REFUSED';
  readonly reason: string;
  /** Empty when it was refused. */
  readonly mode: string;
  /** Key of the document. */
  readonly preview: string;
}

/**
 * What a deployment of this draft would do now: the same evaluation, by the same code, without a deployment. Asked again
 * under the same id it gives the same answer, for the first one may have been lost on its way.
 */
export const previewPlan = async (
  ports: PreviewPorts,
  { request, draft: draftKey }: { readonly request: Request; readonly draft: string },
): Promise<Previewed> => {
  const draft = await ports.documents.find<Draft>(draftKey);
  if (!draft) throw new Error(`Draft ${draftKey} is gone`);
  const key = previewKey(request, draft);
  const preview = await keepFindings(ports.documents, key, () => previewOf(ports, request, draft));
  return {
    outcome: preview.evaluation.outcome === 'planned' ? 'PLANNED' : 'REFUSED',
    ...gistOf(preview),
    preview: key,
  };
};

export const previewKey = (
  { id }: Pick<Request, 'id'>,
  { environment, application }: Pick<Draft, 'environment' | 'application'>,
): string => `previews/${id}/${environment}-${application}.json`;

const previewOf = async (ports: PreviewPorts, request: Request, draft: Draft): Promise<Preview> => {
  const { planning, stack, missingImages } = await subjectOf(ports, draft);
  const { release, environment } = planning;
  const strategy = await strategyOf(ports, request, planning);
  const found = await evaluationOf(ports, request, planning, strategy);
  const deprecated = (draft.warnings ?? []).map((warning) => `Warning: ${warning}`);
  const notes = [...found.notes, ...previewNotes({ strategy, missingImages, stack }), ...deprecated];
  const evaluation = withReasons(found.evaluation, notes);
  return {
    requestId: request.id,
    actor: request.actor,
    stackName: release.stackName,
    environment: release.environment,
    application: release.application,
    version: release.version,
    strategy,
    missingImages,
    basis: found.basis,
    notes,
    // Quick waits for nobody: what needs a person stops it.
    approval: strategy === 'full' && evaluation.outcome === 'planned' && needsApproval(evaluation.plan, environment),
    evaluation,
  };
};

type Found = Pick<Preview, 'evaluation' | 'basis' | 'notes'>;

const evaluationOf = async (
  ports: PreviewPorts,
  request: Request,
  planning: Planning,
  strategy: Strategy,
): Promise<Found> => {
  if (!deploysRelease(strategy)) return refused(fixed(strategy));
  const token = outwardToken(ports.hash, { deploymentId: request.id, fence: 0, step: 'PreviewPlan', attempt: 1 });
  try {
    // Both come to rest before either one's failure counts: a change set that was made is always deleted.
    const [stack, ...databases] = await Promise.allSettled([
      previewStack(ports, planning, token),
      ...planning.release.databases.map((database) => previewDatabase(ports, planning, database)),
    ]);
    const { evaluation, basis, notes } = settledValue(stack);
    const found = { id: request.id, stack: evaluation, databases: databases.map(settledValue) };
    return { evaluation: await joinFindings(ports, planning, found), basis, notes };
  } catch (error) {
    if (error instanceof StepFailure) return refused([error.message, error.reason.remedy].filter(Boolean).join('. '));
    throw error;
  }
};

const fixed = (strategy: Strategy) =>
  `The strategy ${strategy} always takes the same steps: nothing is evaluated for it. Ask for a preview without a strategy.`;

const refused = (reason: string): Found => ({
  evaluation: { outcome: 'refused', reasons: [reason], operator: false },
  basis: 'nothing',
  notes: [],
});

const settledValue = <T>(settled: PromiseSettledResult<T>): T => {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
};

/** Quick runs as full on a stack or a database that is new. */
const strategyOf = async (
  ports: Pick<Ports, 'databases'>,
  { strategy }: Request,
  { aws, release, stack }: Planning,
): Promise<Strategy> => {
  const asked = strategyFor(strategy, release);
  if (asked !== 'quick') return asked;
  const isQuick = (await aws.stacks.find(stack.name))?.usable === true && (await mayBeQuick(ports, release));
  return isQuick ? 'quick' : 'full';
};

const withReasons = (evaluation: Evaluation, notes: readonly string[]): Evaluation =>
  evaluation.outcome === 'refused'
    ? evaluation
    : { ...evaluation, plan: { ...evaluation.plan, reasons: [...evaluation.plan.reasons, ...notes] } };
