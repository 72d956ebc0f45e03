import { infraMigrateTemplate, keptParameters } from '../domain/template/infra-migrate.ts';
import { type MovePorts, moveStack, onlyPlanned } from './move-stack.ts';
import { getPlan } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { liveCounts, zeroCounts } from './service-counts.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/**
 * Infrastructure before the version. In BEFORE what serves stays exactly as it is; in DOWNTIME nothing serves, so the
 * whole release is applied with its services at count 0.
 */
export const infraMigrate = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'InfraMigrate',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: async (context, token) => {
      const plan = await getPlan(ports, context);
      return moveStack(ports, context, token, { ...(await shape(context, plan.mode)), allows: onlyPlanned(plan) });
    },
  });

const shape = async (context: StepContext, mode: string) => {
  const { aws, release, stack } = context;
  if (mode === 'DOWNTIME') return { template: release.template, counts: zeroCounts(release) };
  const running = await aws.stacks.template(stack.name);
  return {
    template: infraMigrateTemplate(running, release.template),
    counts: await liveCounts(context),
    kept: keptParameters(running),
  };
};
