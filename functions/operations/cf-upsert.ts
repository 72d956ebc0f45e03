import { allowance } from './allowance.ts';
import { type MovePorts, moveStack } from './move-stack.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { liveCounts } from './service-counts.ts';
import type { WaitingInput } from './step-context.ts';

/** The complete release in one update: VersionMigrate with no InfraMigrate before it. */
export const cfUpsert = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'CFUpsert',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: (context, token) =>
      moveStack(ports, context, token, async () => {
        const { template } = context.release;
        return {
          template,
          counts: () => liveCounts(context),
          allowance: () => allowance(ports, context, template),
        };
      }),
  });
