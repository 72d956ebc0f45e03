import { type MovePorts, moveStack } from './move-stack.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { onlyCounts } from './service-counts.ts';
import type { WaitingInput } from './step-context.ts';

/** The counts as they were before ScaleDown, now for the new version. */
export const scaleUp = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'ScaleUp',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: (context, token) =>
      moveStack(ports, context, token, {
        template: context.release.template,
        counts: context.stack.counts,
        allows: onlyCounts,
      }),
  });
