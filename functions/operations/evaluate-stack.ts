import type { StackFindings } from '../domain/plan/plan.ts';
import { stackFindings } from '../domain/plan/stack-findings.ts';
import type { Ports } from '../ports.ts';
import { templateUrl } from './move-stack.ts';
import type { Planning } from './planning.ts';
import { serviceArns } from './service-arns.ts';

export type EvaluateStackPorts = Pick<Ports, 'documents' | 'hash'>;

export interface StackEvaluation {
  readonly findings: StackFindings;
  /** The release that runs is known to be healthy. */
  readonly previousHealthy: boolean;
}

/** Makes a change set for the complete release, reads it, deletes it. The stack stays as it is. */
export const evaluateStack = async (
  ports: EvaluateStackPorts,
  planning: Planning,
  { token, parameters }: { readonly token: string; readonly parameters: Readonly<Record<string, string>> },
): Promise<StackEvaluation> => {
  const { aws, release, stack } = planning;
  const running = await aws.stacks.template(stack.name);
  const prepared = await aws.stacks.prepare({
    stackName: stack.name,
    name: token,
    templateUrl: await templateUrl(ports, release.template),
    parameters,
    token,
  });
  await aws.stacks.discard(prepared.id);
  const findings = stackFindings({ prepared, running, release: release.template, parameters });
  return { findings, previousHealthy: await isHealthy(planning) };
};

/** Unknown is unhealthy: a proof rests on it. */
export const isHealthy = async ({ aws, stack }: Pick<Planning, 'aws' | 'stack'>): Promise<boolean> =>
  stack.release !== undefined && (await aws.tasks.steady(await serviceArns(aws, stack.name)));
