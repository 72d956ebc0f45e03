import { StepFailure } from '../domain/failure.ts';
import type { DatabaseFindings } from '../domain/migrations/migrations.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Ports } from '../ports.ts';
import type { StepContext, StepInput } from './step-context.ts';

// Findings and plans belong to one claim: a second run of the same deployment evaluates again.
const folder = ({ deploymentId, fence }: StepInput) => `plans/${deploymentId}/${fence}`;
export const planKey = (input: StepInput): string => `${folder(input)}/plan.json`;
export const stackFindingsKey = (input: StepInput): string => `${folder(input)}/stack.json`;
export const importFindingsKey = (input: StepInput): string => `${folder(input)}/import.json`;
export const rotationKey = (input: StepInput, database: string): string => `${folder(input)}/rotation-${database}.json`;
export const databaseFindingsKey = (input: StepInput, database: string): string =>
  `${folder(input)}/postgres-${database}.json`;

/**
 * Stores what a step found, once. A step that is called again, because its answer was lost, keeps what it found first: the
 * world may look different by now, and all steps of a claim decide by the same facts. A first call has nothing to look for.
 */
export const keepFindings = async <T>(
  documents: Ports['documents'],
  key: string,
  find: () => Promise<T>,
  { isFirstCall = false }: Pick<StepContext, 'isFirstCall'> = {},
): Promise<T> => {
  const standing = isFirstCall ? undefined : await documents.find<T>(key);
  if (standing !== undefined) return standing;
  const findings = await find();
  await documents.put(key, findings);
  return findings;
};

/** The plan that this deployment runs by; undefined for a quick deployment, which is not evaluated. */
export const findPlan = ({ documents }: Pick<Ports, 'documents'>, { input }: StepContext): Promise<Plan | undefined> =>
  documents.find<Plan>(planKey(input));

export const getPlan = async (ports: Pick<Ports, 'documents'>, context: StepContext): Promise<Plan> => {
  const plan = await findPlan(ports, context);
  if (plan) return plan;
  throw new StepFailure({ code: 'RecordMissing', message: `Deployment ${context.input.deploymentId} has no plan` });
};

/** What PGEval saw; undefined where nothing was evaluated. */
export const findEvaluation = (
  { documents }: Pick<Ports, 'documents'>,
  input: StepInput,
  database: string,
): Promise<DatabaseFindings | undefined> => documents.find<DatabaseFindings>(databaseFindingsKey(input, database));
