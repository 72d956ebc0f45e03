import type { Ports } from '../ports.ts';
import { type DispatchPorts, dispatchStack } from './dispatch-stack.ts';

/** An operator has looked at a broken stack: it is free again, and what waits in its queue goes on. */
export const resumeStack = async (
  ports: DispatchPorts & Pick<Ports, 'events' | 'clock'>,
  { stackName, actor }: { readonly stackName: string; readonly actor: string },
): Promise<{ readonly kind: 'resumed' } | { readonly kind: 'refused'; readonly reason: string }> => {
  const written = await ports.stacks.apply(stackName, { type: 'Resumed', actor });
  if (written.kind === 'refused') return { kind: 'refused', reason: written.reason };
  const at = ports.clock.now().toISOString();
  await ports.events.append({ subject: `stack/${stackName}`, at, type: 'Resumed', actor, detail: {} });
  await dispatchStack(ports, { stackName });
  return { kind: 'resumed' };
};
