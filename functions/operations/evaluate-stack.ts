import type { StackFindings } from '../domain/plan/plan.ts';
import { stackFindings } from '../domain/plan/stack-findings.ts';
import type { Ports } from '../ports.ts';
import { templateUrl } from './move-stack.ts';
import type { Planning } from './planning.ts';
import { serviceArns } from './service-arns.ts';
import { settledValue } from './settled-value.ts';

export type EvaluateStackPorts = Pick<Ports, 'documents' | 'hash'>;

export interface StackEvaluation {
  readonly findings: StackFindings;
  /** The release that runs is known to be healthy. */
  readonly previousHealthy: boolean;
}

export interface ToEvaluate {
  readonly token: string;
  /** Asked once, beside what runs. */
  readonly parameters: () => Promise<Readonly<Record<string, string>>>;
}

/** Makes a change set for the complete release, reads it, deletes it. The stack stays as it is. */
export const evaluateStack = async (
  ports: EvaluateStackPorts,
  planning: Planning,
  { token, parameters: wanted }: ToEvaluate,
): Promise<StackEvaluation> => {
  const { aws, release, stack } = planning;
  const [running, url, parameters] = await Promise.all([
    aws.stacks.template(stack.name),
    templateUrl(ports, release.template),
    wanted(),
  ]);
  const request = { stackName: stack.name, name: token, templateUrl: url, parameters, token };
  // A change set takes seconds: what serves is looked at meanwhile.
  const [made, healthy] = await Promise.allSettled([aws.stacks.prepare(request), isHealthy(planning)]);
  const prepared = settledValue(made);
  await aws.stacks.discard(prepared.id);
  const findings = stackFindings({ prepared, running, release: release.template, parameters });
  return { findings, previousHealthy: settledValue(healthy) };
};

/** Unknown is unhealthy: a proof rests on it. */
export const isHealthy = async ({ aws, stack }: Pick<Planning, 'aws' | 'stack'>): Promise<boolean> =>
  stack.release !== undefined && (await aws.tasks.steady(await serviceArns(aws, stack.name)));
