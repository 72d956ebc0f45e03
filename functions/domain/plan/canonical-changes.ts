import type { ResourceChange } from './plan.ts';
import { service, taskDefinition } from './resource-kinds.ts';

/**
 * The changes of a plan without what is nobody's decision: the desired count of a service is read live before every call.
 * Sorted by logical id, so that equal plans are equal bytes.
 */
export const canonicalChanges = (changes: readonly ResourceChange[]): readonly ResourceChange[] =>
  changes
    .filter((change) => !isOnlyCount(change))
    .map((change) => ({
      ...change,
      properties: change.properties.filter((name) => !isCount(change, name)).toSorted(),
    }))
    .toSorted((one, other) => (one.logicalId < other.logicalId ? -1 : 1));

/** True for a service whose desired count is all that changes. */
export const isOnlyCount = (change: ResourceChange): boolean =>
  change.type === service &&
  change.action === 'Modify' &&
  change.replacement === 'False' &&
  change.properties.length > 0 &&
  change.properties.every((name) => isCount(change, name));

const isCount = (change: ResourceChange, name: string): boolean => change.type === service && name === 'DesiredCount';

/** A new version and nothing else: task definitions with other content, and services that follow them. */
export const isVersionChange = (change: ResourceChange): boolean => {
  if (change.action !== 'Modify') return false;
  if (change.type === taskDefinition) return true;
  return (
    change.type === service &&
    change.replacement === 'False' &&
    change.properties.every((name) => name === 'TaskDefinition' || name === 'DesiredCount')
  );
};
