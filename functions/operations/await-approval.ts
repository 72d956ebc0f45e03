import type { Ports } from '../ports.ts';
import { getPlan } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import type { WaitingInput } from './step-context.ts';

/** Waits for a person to sign the hash of the plan; an answer given before we asked counts. */
export const awaitApproval = async (
  ports: WaitingPorts & Pick<Ports, 'documents'>,
  input: WaitingInput,
): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'AwaitApproval',
    awaits: ({ deployment }) => ({ kind: 'approval', planHash: deployment.plan?.hash ?? '' }),
    call: async (context) => {
      await getPlan(ports, context);
      return 'called';
    },
  });
