import type { ResourceChange } from '../domain/plan/plan.ts';
import { needsPerson } from '../domain/plan/stack-findings.ts';
import { type MovePorts, moveStack, onlyPlanned } from './move-stack.ts';
import { findPlan } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { liveCounts } from './service-counts.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/** The complete release in one update: VersionMigrate with no InfraMigrate before it. */
export const cfUpsert = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'CFUpsert',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: async (context, token) =>
      moveStack(ports, context, token, {
        template: context.release.template,
        counts: await liveCounts(context),
        allows: await allowance(ports, context),
      }),
  });

/** With a plan, what it covers; without one (quick), whatever no person would have to sign. */
const allowance = async (ports: MovePorts, context: StepContext) => {
  const plan = await findPlan(ports, context);
  if (plan) return onlyPlanned(plan);
  const running = await context.aws.stacks.template(context.input.stackName);
  return (changes: readonly ResourceChange[]) => needsPerson(changes, running, context.release.template);
};
