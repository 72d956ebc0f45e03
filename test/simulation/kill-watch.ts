import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import type { MemoryPorts, MemorySlipway } from '../support/memory-slipway.ts';
import { type Move, watched } from '../support/stack-race.ts';
import { SOMEBODY, STACK } from './kill-releases.ts';

/** Watches one run at the stores and at the clouds, and says which rule was broken. */
export const killWatch = () => {
  const violations: string[] = [];
  const moves: Move[] = [];
  const ends: Record<string, string[]> = {};
  const effects: Promise<string>[] = [];
  let mover = '';

  const ended = ({ tasks, stacks }: MemorySlipway, { id, status }: Deployment) => {
    ends[id] = [...(ends[id] ?? []), status];
    if (tasks.running().length > 0) violations.push(`${id} ended ${status} while its migration ran`);
    if (stacks.underWay().length > 0 && mover !== SOMEBODY)
      violations.push(`${id} ended ${status} while its stack moved`);
  };

  return {
    violations,
    moves,
    ends,
    /** What was begun outside, by deployment and step, in words that are the same for the same operation. */
    effects: async (): Promise<readonly string[]> => (await Promise.all(effects)).sort(),
    onStack: (token: string) => {
      mover = token;
    },
    /** What begins, begins for who holds the stack at that very moment. */
    onBegin: ({ ports }: Pick<MemorySlipway, 'ports'>, kind: string, token: string) => {
      const seen = Promise.all([ports.callbacks.find(token), ports.stacks.find(STACK)]);
      effects.push(
        seen.then(([callback, stack]) => {
          if (!callback) return `${kind} by the way`;
          const { deploymentId, fence, step } = callback;
          if (stack?.current?.deploymentId !== deploymentId || stack.current.fence !== fence)
            violations.push(`${kind} of ${step} began for ${deploymentId}, which does not hold the stack`);
          return `${kind} ${step} of ${deploymentId}`;
        }),
      );
    },
    onTask: ({ tasks }: Pick<MemorySlipway, 'tasks'>) => {
      if (tasks.running().length > 0) violations.push('two migrators run at once');
    },
    /** The stores, with their writes noted. */
    watching: (slipway: MemorySlipway): Pick<MemoryPorts, 'stacks' | 'deployments'> => {
      const { stacks, deployments } = slipway.ports;
      return {
        stacks: watched(stacks, moves),
        deployments: {
          ...deployments,
          apply: async (id, event) => {
            const written = await deployments.apply(id, event);
            if (written.kind === 'moved' && isEnded(written.record.status)) ended(slipway, written.record);
            return written;
          },
        },
      };
    },
  };
};

export type KillWatch = ReturnType<typeof killWatch>;
