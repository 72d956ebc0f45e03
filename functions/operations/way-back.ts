import type { Outcome } from '../domain/callback.ts';
import { type WayBack, wayBackFrom } from '../domain/plan/way-back.ts';
import type { Release } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { callbacksOf } from './callbacks-of.ts';
import { type MigrationStatePorts, migrationStates } from './migration-states.ts';
import { isUnderWay, type MovePorts, moveStack } from './move-stack.ts';
import { runEndingStep, type WaitingPorts } from './run-waiting-step.ts';
import { loadContext, releaseKey, type StepContext, type WaitingInput } from './step-context.ts';

/**
 * After a deployment that failed: where ScaleDown had taken the services away, the version that ran comes back if the
 * databases are as it left them. A rollback that failed is continued first, once: it leads back to where the services
 * are scaled down, and so ends as RollbackContinued, which the state machine answers with a second attempt.
 */
export const wayBack = (ports: WaitingPorts & MovePorts & MigrationStatePorts, input: WaitingInput): Promise<void> =>
  runEndingStep(ports, input, {
    word: 'WayBack',
    load: loadContext,
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: async (context, token) => {
      const { aws, stack } = context;
      if (await isUnderWay(context, token)) return 'called';
      await discardChangeSets(ports, context);
      const decision = await decided(ports, context);
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

/** CloudFormation keeps a change set whose execution failed. At this point nothing of the deployment moves any more. */
const discardChangeSets = async (
  ports: Pick<Ports, 'callbacks' | 'hash'>,
  { aws, deployment, stack }: StepContext,
): Promise<void> => {
  if (!(await aws.stacks.find(stack.name))) return;
  for (const { token, waitsFor } of await callbacksOf(ports, deployment))
    if (waitsFor.kind === 'stack-operation') await aws.stacks.discard(token, stack.name);
};

const decided = async (ports: MigrationStatePorts, context: StepContext): Promise<WayBack> => {
  const { aws, stack } = context;
  const found = await aws.stacks.find(stack.name);
  const scaledDown = Object.keys(stack.counts).length > 0;
  const rollbackFailed = found?.rollbackFailed ?? false;
  return wayBackFrom({
    scaledDown,
    downBefore: stack.current?.countsBefore !== undefined,
    rollbackFailed,
    gone: scaledDown && !found,
    // What the databases say matters only once the stack stands somewhere; one that does not answer keeps nothing up.
    migrations: rollbackFailed ? [] : await migrationStates(ports, context),
  });
};

const ended = (decision: string, left: readonly string[]): Outcome => ({ ok: true, output: { decision, left } });

/** The release that last ended well, at the counts from before; nothing of the failed one is kept. */
const scaledUp = async (ports: MovePorts & Pick<Ports, 'documents'>, context: StepContext, token: string) => {
  const { stack, aws } = context;
  const previous = stack.release ? await ports.documents.find<Release>(releaseKey(stack.release)) : undefined;
  const counts = async () => stack.counts;
  const allowance = async () => ({ allows: () => [] });
  if (previous)
    return moveStack(ports, { ...context, release: previous }, token, async () => ({
      template: previous.template,
      counts,
      allowance,
    }));
  return moveStack(ports, context, token, async () => ({
    template: await aws.stacks.template(stack.name),
    counts,
    keepParameters: true,
    allowance,
  }));
};
