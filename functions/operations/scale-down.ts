import { needsConfirmation } from '../domain/plan/strategy.ts';
import type { Ports } from '../ports.ts';
import { type MovePorts, moveStack } from './move-stack.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { liveCounts, onlyCounts } from './service-counts.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/** Takes every service of the running version to 0; the counts as they were are kept on the stack item first. */
export const scaleDown = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'ScaleDown',
    awaits: ({ deployment }) => ({
      kind: 'stack-operation',
      goal: 'UPDATE',
      // Nobody's open session keeps a database from being destroyed that somebody has asked for by name.
      then: needsConfirmation(deployment.strategy) ? 'services-stopped' : 'tasks-stopped',
    }),
    call: (context, token) =>
      moveStack(ports, context, token, async () => {
        // Kept before anything else is asked for, or made: from here on a live count may be a 0 of ours.
        const [counts, template] = await Promise.all([
          keepCounts(ports, context),
          context.aws.stacks.template(context.stack.name),
        ]);
        return {
          template,
          counts: async () => Object.fromEntries(Object.keys(counts).map((runtime) => [runtime, 0])),
          keepParameters: true,
          allowance: async () => ({ allows: onlyCounts }),
        };
      }),
  });

const keepCounts = async (ports: Pick<Ports, 'stacks'>, context: StepContext) => {
  const { deploymentId, fence, stackName } = context.input;
  const counts = await liveCounts(context);
  await ports.stacks.apply(stackName, { type: 'CountsRead', deploymentId, fence, counts });
  return counts;
};
