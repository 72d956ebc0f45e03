import { rolloutsOf } from './restarted.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import type { WaitingInput } from './step-context.ts';

/**
 * New tasks for every service of the stack, which read their secrets anew. ECS knows no token for this call: what stood
 * before is kept with the callback, and a service that stands on something newer is not restarted again.
 */
export const restart = (ports: WaitingPorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'Restart',
    awaits: async ({ aws, stack }) => ({
      kind: 'restart',
      rollouts: (await rolloutsOf(aws, stack.name)).map(({ id }) => id),
    }),
    call: async ({ aws, stack }, _token, waitsFor) => {
      const before = waitsFor.kind === 'restart' ? waitsFor.rollouts : [];
      for (const { serviceArn, id, primary } of await rolloutsOf(aws, stack.name))
        if (primary && before.includes(id)) await aws.tasks.restart(serviceArn);
      return 'called';
    },
  });
