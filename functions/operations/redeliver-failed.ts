import { attempted, type FailedDelivery, lookAfter, OVERLAP_MILLIS } from '../domain/failed-delivery.ts';
import type { Ports } from '../ports.ts';

export type RedeliverPorts = Pick<Ports, 'hookDeliveries' | 'targets' | 'clock' | 'log'>;

export interface Redelivery {
  /** Numbers of the repositories that are configured. */
  readonly repositories: ReadonlySet<string>;
  /** Whether the head of this ref tells of its pushes already. */
  readonly isCompared: (repositoryId: string, ref: string) => boolean;
}

const PERIOD_MILLIS = 5 * 60_000;
/** The others come at the next look. */
const MOST_AT_ONCE = 20;

/**
 * Asks GitHub to send those pushes again that the webhook did not take: tags, and branches whose heads are not
 * compared. Answers how many were sent.
 */
export const redeliverFailed = async (ports: RedeliverPorts, { repositories, isCompared }: Redelivery) => {
  const { hookDeliveries, targets, clock, log } = ports;
  const before = await targets.findLook();
  const now = clock.now();
  // The first look goes back as far as every other one.
  const since = before ? Date.parse(before.lookedAt) : now.getTime() - PERIOD_MILLIS;
  const { deliveries, complete } = await hookDeliveries.list(new Date(since - OVERLAP_MILLIS));
  if (!complete) {
    log.error('DeliveriesUnseen', { since: new Date(since).toISOString() });
    log.count('DeliveriesUnseen');
  }
  const look = lookAfter(before, deliveries, now, (repositoryId) => repositories.has(repositoryId));
  const isDue = ({ dueAt }: FailedDelivery) => Date.parse(dueAt) <= now.getTime();
  const due = look.failed.filter(isDue).slice(0, MOST_AT_ONCE);
  const left = new Map(look.failed.map((failed) => [failed.guid, failed]));
  let sent = 0;
  try {
    for (const failed of due) {
      const again = await redeliver(ports, failed, isCompared);
      const next = again ? attempted(failed, now) : undefined;
      if (next) left.set(failed.guid, next);
      else left.delete(failed.guid);
      if (again) sent += 1;
    }
  } finally {
    // What has been sent by then is on record, also when GitHub stops answering in between.
    await targets.putLook({ ...look, failed: [...left.values()] });
  }
  return sent;
};

/** False when there is nothing to send again: GitHub has forgotten it, or the head of its branch stands for it. */
const redeliver = async (
  { hookDeliveries }: RedeliverPorts,
  { id, repositoryId }: FailedDelivery,
  isCompared: Redelivery['isCompared'],
): Promise<boolean> => {
  const ref = await hookDeliveries.findRef(id);
  return ref !== undefined && !isCompared(repositoryId, ref) && (await hookDeliveries.redeliver(id));
};
