import { deploysRelease } from '../domain/plan/strategy.ts';
import { type MovePorts, moveStack } from './move-stack.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { onlyCounts } from './service-counts.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/** The counts as they were before ScaleDown: for the new version, or for what ran where no version was asked for. */
export const scaleUp = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'ScaleUp',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: (context, token) =>
      moveStack(ports, context, token, async () => ({
        ...(await version(context)),
        counts: async () => context.stack.counts,
        allowance: async () => ({ allows: onlyCounts }),
      })),
  });

const version = async ({ deployment, release, aws, stack }: StepContext) =>
  deploysRelease(deployment.strategy)
    ? { template: release.template }
    : { template: await aws.stacks.template(stack.name), keepParameters: true };
