import type { Ports, Repository } from '../ports.ts';
import { inTurns } from './in-turns.ts';
import { type HeadsPorts, reconcileHeads } from './reconcile-heads.ts';
import { type RedeliverPorts, redeliverFailed } from './redeliver-failed.ts';
import { type RepeatPorts, repeatRequests } from './repeat-requests.ts';

export type ReconcilePorts = HeadsPorts & RedeliverPorts & RepeatPorts & Pick<Ports, 'log'>;

export interface Reconciled {
  readonly pushes: number;
  readonly redeliveries: number;
  readonly repeats: number;
  readonly errors: number;
}

/** GitHub asks for few calls at once; a repository takes one or two. */
const REPOSITORIES_AT_ONCE = 5;

/**
 * No push is lost: the heads of branches are compared with what was accepted, deliveries that failed are sent again, and
 * requests that a fault ended are repeated. Each repair is counted; what fails now is tried again at the next look.
 */
export const reconcile = async (ports: ReconcilePorts): Promise<Reconciled> => {
  const { configuration, log } = ports;
  const compared = new Map<string, ReadonlySet<string>>();
  let pushes = 0;
  let errors = 0;
  /** Undefined after a failure; GitHub is asked no more in this run once it asked us to come back. */
  let throttled = false;
  const attempt = async <T>(part: string, run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await run();
    } catch (error) {
      errors += 1;
      throttled ||= error instanceof Error && error.name === 'Throttled';
      log.error('ReconcileFailed', { part, error: String(error) });
      return undefined;
    }
  };

  const repositories = await configuration.listRepositories();
  const look = async (repository: Repository) => {
    if (throttled) return;
    const { id, owner, name } = repository;
    const heads = await attempt(`${owner}/${name}`, () => reconcileHeads(ports, repository));
    compared.set(id, new Set(heads?.compared));
    pushes += heads?.started ?? 0;
  };
  await inTurns(repositories, look, REPOSITORIES_AT_ONCE);

  const isCompared = (repositoryId: string, ref: string) => compared.get(repositoryId)?.has(ref) ?? false;
  const ours = new Set(repositories.map(({ id }) => id));
  const redeliver = () => redeliverFailed(ports, { repositories: ours, isCompared });
  const redeliveries = throttled ? 0 : ((await attempt('deliveries', redeliver)) ?? 0);
  const repeats = (await attempt('requests', () => repeatRequests(ports))) ?? 0;

  log.info('Reconciled', { pushes, redeliveries, repeats, errors });
  log.count('ReconciledPushes', pushes);
  log.count('Redeliveries', redeliveries);
  log.count('RepeatedRequests', repeats);
  log.count('ReconcileErrors', errors);
  return { pushes, redeliveries, repeats, errors };
};
