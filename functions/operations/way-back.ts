import type { Outcome } from '../domain/callback.ts';
import { wayBackFrom } from '../domain/plan/way-back.ts';
import type { Release } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { type MigrationStatePorts, migrationStates } from './migration-states.ts';
import { type MovePorts, moveStack } from './move-stack.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { loadContext, releaseKey, type StepContext, type WaitingInput } from './step-context.ts';

/**
 * After a deployment that failed: where ScaleDown had taken the services away, the version that ran comes back if the
 * databases are as it left them. A rollback that failed is continued, once.
 */
export const wayBack = (ports: WaitingPorts & MovePorts & MigrationStatePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'WayBack',
    load: loadContext,
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: async (context, token) => {
      const { aws, stack } = context;
      if ((await aws.stacks.operation(stack.name, token)).kind !== 'unknown') return 'called';
      const found = await aws.stacks.find(stack.name);
      const states = await migrationStates(ports, context);
      const decision = wayBackFrom({
        scaledDown: Object.keys(stack.counts).length > 0,
        rollbackFailed: found?.rollbackFailed ?? false,
        migrations: states,
      });
      switch (decision.kind) {
        case 'nothing':
        case 'stay-down':
          return ended(decision.kind, decision.left);
        case 'continue-rollback':
          await aws.stacks.continueRollback(stack.name, token);
          return 'called';
        case 'scale-up':
          return scaledUp(ports, context, token);
      }
    },
  });

const ended = (decision: string, left: readonly string[]): Outcome => ({ ok: true, output: { decision, left } });

/** The release that last ended well, at the counts from before; nothing of the failed one is kept. */
const scaledUp = async (ports: MovePorts & Pick<Ports, 'documents'>, context: StepContext, token: string) => {
  const { stack, aws } = context;
  const previous = stack.release ? await ports.documents.find<Release>(releaseKey(stack.release)) : undefined;
  const allows = () => [];
  if (previous)
    return moveStack(ports, { ...context, release: previous }, token, {
      template: previous.template,
      counts: stack.counts,
      allows,
    });
  const template = await aws.stacks.template(stack.name);
  return moveStack(ports, context, token, { template, counts: stack.counts, keepParameters: true, allows });
};
