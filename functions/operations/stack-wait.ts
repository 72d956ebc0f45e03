import type { Ports } from '../ports.ts';
import { runStandingStep, type WaitingPorts } from './run-waiting-step.ts';
import type { WaitingInput } from './step-context.ts';

/** Waits until the CloudFormation stack is at rest, whoever moved it: a console change, another tool, an older run of ours. */
export const stackWait = async (
  ports: WaitingPorts & Pick<Ports, 'deployments'>,
  input: WaitingInput & { readonly executionArn: string },
): Promise<void> => {
  const { executionArn, ...ids } = input;
  await runStandingStep(ports, ids, {
    word: 'StackWait',
    awaits: () => ({ kind: 'stack-rest' }),
    call: async () => {
      await ports.deployments.apply(input.deploymentId, { type: 'StackWaitStarted', executionArn });
      return 'called';
    },
  });
};
