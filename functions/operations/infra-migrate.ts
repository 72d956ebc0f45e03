import { infraMigrateTemplate, keptParameters } from '../domain/template/infra-migrate.ts';
import { allowance } from './allowance.ts';
import { type MovePorts, moveStack } from './move-stack.ts';
import { getPlan } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { liveCounts, zeroCounts } from './service-counts.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/**
 * Infrastructure before the version. In BEFORE, and where nothing else was asked for, what serves stays exactly as it is;
 * in DOWNTIME nothing serves, so the whole release is applied with its services at count 0.
 */
export const infraMigrate = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'InfraMigrate',
    awaits: () => ({ kind: 'stack-operation', goal: 'UPDATE' }),
    call: async (context, token) => {
      const wanted = await shape(context, await takesServicesDown(ports, context));
      return moveStack(ports, context, token, { ...wanted, ...(await allowance(ports, context, wanted.template)) });
    },
  });

/** Only a full deployment is planned, and has to be. */
const takesServicesDown = async (ports: MovePorts, context: StepContext): Promise<boolean> =>
  context.deployment.strategy !== 'infra-only' && (await getPlan(ports, context)).mode === 'DOWNTIME';

const shape = async (context: StepContext, down: boolean) => {
  const { aws, release, stack } = context;
  if (down) return { template: release.template, counts: zeroCounts(release) };
  const running = await aws.stacks.template(stack.name);
  return {
    template: infraMigrateTemplate(running, release.template),
    counts: await liveCounts(context),
    kept: keptParameters(running),
  };
};
