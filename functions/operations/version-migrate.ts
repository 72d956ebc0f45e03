import { type MovePorts, moveStack, onlyPlanned } from './move-stack.ts';
import { getPlan } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { liveCounts } from './service-counts.ts';
import type { WaitingInput } from './step-context.ts';

/** The complete release: the new version, and whatever InfraMigrate left, deletions included. */
export const versionMigrate = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'VersionMigrate',
    // Contracting migrations follow in AFTER: nothing of the old version may be left then.
    awaits: ({ deployment }) => ({
      kind: 'stack-operation',
      goal: 'UPDATE',
      ...(deployment.plan?.mode === 'AFTER' && { then: 'old-tasks-stopped' }),
    }),
    call: (context, token) =>
      moveStack(ports, context, token, async () => ({
        template: context.release.template,
        counts: () => liveCounts(context),
        allowance: async () => ({ allows: onlyPlanned(await getPlan(ports, context)) }),
      })),
  });
