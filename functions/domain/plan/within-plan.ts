import { isOnlyCount } from './canonical-changes.ts';
import type { ResourceChange } from './plan.ts';

/**
 * What a step's own change set would do beyond the plan, each a phrase naming the resource; empty when it stays within.
 * A step may do less than planned: BEFORE splits the plan over two steps. Desired counts are always free to move.
 */
export const outsidePlan = (planned: readonly ResourceChange[], own: readonly ResourceChange[]): readonly string[] => {
  const known = new Map(planned.map((change) => [change.logicalId, change]));
  return own.filter((change) => !isOnlyCount(change)).flatMap((change) => beyond(known.get(change.logicalId), change));
};

/** One change in words. */
export const changeWords = ({ action, logicalId, type }: ResourceChange): string => `${action} ${logicalId} (${type})`;

const beyond = (planned: ResourceChange | undefined, own: ResourceChange): readonly string[] => {
  const name = `${own.logicalId} (${own.type})`;
  if (planned === undefined) return [`${own.action} of ${name}, which the plan does not change`];
  if (planned.type !== own.type) return [`${name}, which the plan knows as ${planned.type}`];
  if (!isPlannedAction(planned, own)) return [`${own.action} of ${name}, where the plan has ${planned.action}`];
  if (own.action === 'Modify' && severity[own.replacement] > severity[allowed(planned)])
    return [`replacement of ${name}, which the plan only changes`];
  const surplus =
    own.action === 'Modify' && planned.action === 'Modify'
      ? own.properties.filter((each) => !isPlannedProperty(planned, own, each))
      : [];
  return surplus.length === 0 ? [] : [`${surplus.join(', ')} of ${name}, which the plan leaves alone`];
};

/** What an earlier step of the plan added, a later one may complete. */
const isPlannedAction = (planned: ResourceChange, own: ResourceChange): boolean =>
  planned.action === own.action || (planned.action === 'Add' && own.action === 'Modify');

const severity: Readonly<Record<ResourceChange['replacement'], number>> = { False: 0, Conditional: 1, True: 2 };

const allowed = (planned: ResourceChange): ResourceChange['replacement'] =>
  planned.action === 'Modify' ? planned.replacement : 'False';

const isPlannedProperty = (planned: ResourceChange, own: ResourceChange, property: string): boolean =>
  planned.properties.includes(property) || (own.type === 'AWS::ECS::Service' && property === 'DesiredCount');
