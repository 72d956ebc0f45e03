import type { Stack } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { countEnd } from './count-end.ts';
import { type ReportPorts, report } from './report.ts';

/**
 * Gives every deployment that the stack names as superseded its end, tells GitHub, and then takes the names off the
 * stack: whoever comes after a crash finds them still there.
 */
export const recordSuperseded = async (
  ports: ReportPorts & Pick<Ports, 'stacks' | 'deployments'>,
  { name, superseded = [] }: Stack,
): Promise<void> => {
  if (superseded.length === 0) return;
  for (const { deploymentId, by } of superseded) {
    const written = await ports.deployments.apply(deploymentId, { type: 'Superseded', by });
    countEnd(ports, written);
    if (written.kind === 'moved') await report(ports, written.record);
  }
  const deploymentIds = superseded.map(({ deploymentId }) => deploymentId);
  await ports.stacks.apply(name, { type: 'SupersedingRecorded', deploymentIds });
};
