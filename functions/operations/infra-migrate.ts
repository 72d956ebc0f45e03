import { infraMigrateTemplate, keptParameters } from '../domain/template/infra-migrate.ts';
import type { Template } from '../domain/template/template.ts';
import { allowance } from './allowance.ts';
import { type Allowance, type Move, type MovePorts, moveStack, onlyPlanned } from './move-stack.ts';
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
    call: (context, token) =>
      moveStack(ports, context, token, async () => {
        const wanted = await shape(context);
        return { ...wanted, allowance: () => allowed(ports, context, wanted.template) };
      }),
  });

const shape = async (context: StepContext): Promise<Pick<Move, 'template' | 'counts' | 'kept'>> => {
  const { aws, deployment, release, stack } = context;
  if (deployment.plan?.mode === 'DOWNTIME')
    return { template: release.template, counts: async () => zeroCounts(release) };
  const [running, counts] = await Promise.all([aws.stacks.template(stack.name), liveCounts(context)]);
  return {
    template: infraMigrateTemplate(running, release.template),
    counts: async () => counts,
    kept: keptParameters(running),
  };
};

/** Only a full deployment is planned, and has to be. */
const allowed = async (ports: MovePorts, context: StepContext, next: Template): Promise<Allowance> =>
  context.deployment.strategy === 'infra-only'
    ? allowance(ports, context, next)
    : { allows: onlyPlanned(await getPlan(ports, context)) };
