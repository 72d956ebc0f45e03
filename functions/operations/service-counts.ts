import type { ResourceChange } from '../domain/plan/plan.ts';
import { changeWords } from '../domain/plan/within-plan.ts';
import type { Release } from '../domain/release.ts';
import type { Planning } from './planning.ts';

/** Every runtime at 0. */
export const zeroCounts = ({ parameters }: Release): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const parameter of parameters) if (parameter.kind === 'desiredCount') counts[parameter.runtime] = 0;
  return counts;
};

/**
 * Desired counts as they run now, by runtime, those included that the release has no more; a 0 that we set ourselves is never read back as a wish: what the stack
 * item keeps from before the downtime wins.
 */
export const liveCounts = async ({
  aws,
  release,
  stack,
}: Pick<Planning, 'aws' | 'release' | 'stack'>): Promise<Record<string, number>> => {
  const resources = await aws.stacks.resources(stack.name);
  const services = Object.entries(resources).filter(([, { type }]) => type === 'AWS::ECS::Service');
  const desired = await aws.tasks.desiredCounts(services.map(([, { physicalId }]) => physicalId));
  const counts: Record<string, number> = {};
  for (const [id, { physicalId }] of services) {
    const runtime = runtimeOf(id);
    const live = desired[physicalId];
    if (live !== undefined) counts[runtime] = stack.counts[runtime] ?? live;
  }
  for (const parameter of release.parameters) {
    if (parameter.kind !== 'desiredCount') continue;
    counts[parameter.runtime] ??= stack.counts[parameter.runtime] ?? parameter.initial;
  }
  return counts;
};

/** The stack parameters that hold desired counts. */
export const countParameters = (counts: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(counts).map(([runtime, count]) => [`DesiredCount${capitalised(runtime)}`, String(count)]),
  );

/** Changes of a move that may touch nothing but counts: whatever else would change, in words. */
export const onlyCounts = (changes: readonly ResourceChange[]): readonly string[] =>
  changes
    .filter(({ type, action, replacement, properties }) => {
      const counts = type === 'AWS::ECS::Service' && action === 'Modify' && replacement !== 'True';
      return !counts || properties.some((property) => property !== 'DesiredCount');
    })
    .map(changeWords);

/** The runtime of a service by its logical id, as the template builder names it. */
const runtimeOf = (logicalId: string) => {
  const name = logicalId.replace(/^ECSService/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
};

const capitalised = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
