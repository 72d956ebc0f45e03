import type { ResourceChange } from '../domain/plan/plan.ts';
import { needsPerson } from '../domain/plan/stack-findings.ts';
import type { Template } from '../domain/template/template.ts';
import { type Allowance, type MovePorts, onlyPlanned } from './move-stack.ts';
import { findPlan } from './plan-document.ts';
import type { StepContext } from './step-context.ts';

/** What a step may change: with a plan, what it covers; without one, whatever no person would have to sign. */
export const allowance = async (ports: MovePorts, context: StepContext, next: Template): Promise<Allowance> => {
  const plan = await findPlan(ports, context);
  if (plan) return { allows: onlyPlanned(plan) };
  const running = await context.aws.stacks.template(context.input.stackName);
  return { allows: (changes: readonly ResourceChange[]) => needsPerson(changes, running, next), unplanned: true };
};
