import { takesNoUpdate } from '../domain/cloudformation-status.ts';
import type { PreviewBasis } from '../domain/plan/preview.ts';
import { stackFindings } from '../domain/plan/stack-findings.ts';
import { templateChanges } from '../domain/plan/template-changes.ts';
import { emptyTemplate } from '../domain/template/empty-template.ts';
import type { CfnStack, Ports } from '../ports.ts';
import { foreseenSecret } from './database-secrets.ts';
import { type EvaluateStackPorts, evaluateStack, isHealthy, type StackEvaluation } from './evaluate-stack.ts';
import type { Planning } from './planning.ts';
import { foreseenPriorities } from './rule-priorities.ts';
import { liveCounts } from './service-counts.ts';
import { parametersWith } from './stack-parameters.ts';

export type PreviewStackPorts = EvaluateStackPorts & Pick<Ports, 'databases' | 'listeners'>;

export interface StackPreview {
  readonly evaluation: StackEvaluation;
  readonly basis: PreviewBasis;
  /** Sentences; empty where CloudFormation itself has said what would change. */
  readonly notes: readonly string[];
}

/**
 * What CFPlan would find, by a change set of CloudFormation's own where the stack takes one; else from the templates
 * alone, and then that is said.
 */
export const previewStack = async (
  ports: PreviewStackPorts,
  planning: Planning,
  token: string,
): Promise<StackPreview> => {
  const { aws, stack } = planning;
  const found = await aws.stacks.find(stack.name);
  const evaluation = found?.usable ? await byChangeSet(ports, planning, found, token) : undefined;
  if (evaluation) return { evaluation, basis: 'change-set', notes: [] };
  return byTemplates(ports, planning, await aws.stacks.find(stack.name));
};

/** Undefined when somebody began to move the stack meanwhile. */
const byChangeSet = async (
  ports: PreviewStackPorts,
  planning: Planning,
  found: CfnStack,
  token: string,
): Promise<StackEvaluation | undefined> => {
  const parameters = await parametersOf(ports, planning, found);
  try {
    return await evaluateStack(ports, planning, { token, parameters: async () => parameters });
  } catch (error) {
    if ((await planning.aws.stacks.find(found.name))?.usable) throw error;
    return undefined;
  }
};

const byTemplates = async (
  ports: PreviewStackPorts,
  planning: Planning,
  found: CfnStack | undefined,
): Promise<StackPreview> => {
  const { aws, release, stack } = planning;
  // What holds nothing is deleted first, and made anew.
  const standing = found?.husk ? undefined : found;
  const running = {
    template: standing ? await aws.stacks.template(stack.name) : emptyTemplate,
    parameters: standing?.parameters ?? {},
  };
  const parameters = await parametersOf(ports, planning, standing);
  const findings = stackFindings({
    prepared: { changes: templateChanges(running, { template: release.template, parameters }) },
    running: running.template,
    release: release.template,
    parameters,
  });
  const stuck = standing?.atRest && !standing.usable ? [takesNoUpdate(standing)] : [];
  return {
    evaluation: {
      findings: { ...findings, refusals: [...findings.refusals, ...stuck] },
      previousHealthy: standing ? await isHealthy(planning) : false,
    },
    basis: 'templates',
    notes: [sentenceOf(stack.name, found)],
  };
};

const parametersOf = async (ports: PreviewStackPorts, planning: Planning, standing: CfnStack | undefined) =>
  parametersWith(
    { secretOf: (key) => foreseenSecret(ports, planning, key), reserve: foreseenPriorities(ports) },
    planning,
    { current: standing?.parameters ?? {}, counts: standing ? await liveCounts(planning) : {} },
  );

const sentenceOf = (name: string, found: CfnStack | undefined): string => {
  if (!found)
    return `There is no stack ${name} yet: a deployment makes it, and the changes are read from the template.`;
  if (found.husk)
    return `Stack ${name} stands at ${found.status} and holds nothing: a deployment makes it anew, and the changes are read from the template.`;
  return `Stack ${name} stands at ${found.status}, so CloudFormation makes no change set: the changes are read from the templates, and what is not known of them counts for the worse.`;
};
