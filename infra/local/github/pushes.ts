import type { World } from '../part.ts';
import type { Apps } from './apps.ts';
import type { Deliveries } from './deliveries.ts';
import { ZERO_SHA } from './git-repository.ts';
import { pushPayload, type RefChange } from './push-payload.ts';
import { nodeId, type Repository } from './repository.ts';

export type OnPush = (repositoryName: string, ref: string, before: string, after: string) => Promise<void>;

/** A moved ref that somebody has still to be told of. */
interface Untold extends Omit<RefChange, 'refsBefore'> {
  readonly repository: string;
  readonly deliveryIds: readonly number[];
}

/** GitHub makes no events for tags when more than this many are pushed at once. */
const MOST_TAGS = 3;

/**
 * Notices what moved in a repository and tells it: first to `onPush`, then by a delivery. Both the refs as last seen and
 * what is still untold are kept, so that a push which a kill cut short is told at the next start.
 */
export const pushesOf = (world: World, deliveries: Deliveries, apps: Apps, onPush: OnPush | undefined) => {
  const seen = world.store.table<Record<string, string>>('github.refs');
  const untold = world.store.table<Untold>('github.untold');
  const counters = world.store.table<number>('github.counters');
  let telling: Promise<void> = Promise.resolve();

  const tell = (key: string, { repository, ref, before, after, deliveryIds }: Untold) => {
    telling = telling
      .then(() => onPush?.(repository, ref, before, after))
      .catch((error: unknown) => world.log(`After the push to ${repository} ${ref}: ${error}`))
      .then(() => Promise.all(deliveryIds.map((id) => deliveries.send(id))))
      .then((told) => {
        if (!told.includes(false)) untold.delete(key);
      });
  };

  const announce = async (repository: Repository): Promise<void> => {
    const { name } = repository;
    const refsBefore = new Map(Object.entries(seen.get(String(repository.id)) ?? {}));
    const refsNow = repository.git.refs();
    const changes = changesBetween(refsBefore, refsNow);
    const hasManyTags = changes.filter(isTag).length > MOST_TAGS;
    const payloads = new Map<RefChange, object>();
    for (const change of changes)
      if (!(hasManyTags && isTag(change)))
        payloads.set(change, await pushPayload(repository, change, world.clock.now()));
    const news = changes.map((change): [string, Untold] => {
      const { ref, before, after } = change;
      const payload = payloads.get(change);
      const deliveryIds = payload ? recorded(repository, payload) : [];
      const key = nextKey();
      const row = { repository: name, ref, before, after, deliveryIds };
      untold.put(key, row);
      return [key, row];
    });
    // Last: when a kill comes before, the same push is told twice, which is better than never.
    seen.put(String(repository.id), Object.fromEntries(refsNow));
    for (const [key, row] of news) tell(key, row);
  };

  /** One delivery for every installed App that wants to hear of pushes. */
  const recorded = ({ id }: Repository, payload: object): readonly number[] =>
    apps.list().flatMap((app) => {
      if (app.installationId === undefined || !app.events.includes('push')) return [];
      return (
        deliveries.record(app, 'push', id, { ...payload, installation: installationJson(app.installationId) }) ?? []
      );
    });

  const nextKey = (): string => {
    const number = (counters.get('untold') ?? 0) + 1;
    counters.put('untold', number);
    return String(number).padStart(12, '0');
  };

  return {
    announce,
    /** Tells what the last life of the cloud did not come to tell. */
    resume: () => {
      for (const { key, value } of untold.list()) tell(key, value);
    },
    /** Ends when everything noticed so far has been told. */
    settled: async (): Promise<void> => {
      for (let last: unknown; last !== telling; ) {
        last = telling;
        await telling;
      }
    },
  };
};

const installationJson = (id: number) => ({ id, node_id: nodeId('IntegrationInstallation', id) });

const isTag = ({ ref }: RefChange) => ref.startsWith('refs/tags/');

const changesBetween = (refsBefore: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): RefChange[] =>
  [...new Set([...refsBefore.keys(), ...now.keys()])]
    .filter((ref) => /^refs\/(heads|tags)\//.test(ref))
    .map((ref) => ({ ref, before: refsBefore.get(ref) ?? ZERO_SHA, after: now.get(ref) ?? ZERO_SHA, refsBefore }))
    .filter(({ before, after }) => before !== after);
