import { expect, test } from '@jest/globals';
import type { Cluster, Environment } from '../../functions/domain/environment/environment.ts';
import { acceptedKey, pushRequestKey } from '../../functions/domain/lost-push.ts';
import { type PriorityWish, prioritiesOf } from '../../functions/domain/template/rule-priorities.ts';
import type {
  ConfigurationStore,
  DatabaseRecord,
  DatabaseStore,
  DocumentStore,
  EventStore,
  ListenerStore,
  Repository,
  TargetStore,
} from '../../functions/ports.ts';

type Open<Store> = () => Promise<Store>;

export const databaseStoreContract = (open: Open<DatabaseStore>) => {
  const record: DatabaseRecord = {
    environment: 'prod',
    databaseName: 'prod_shop_main',
    application: 'shop',
    key: 'main',
    serverGroup: 'default',
    secretArn: 'arn:1',
    migratorSecretArn: 'arn:2',
  };

  test('a database is kept, changed by its own application, and refused to another one', async () => {
    const store = await open();
    expect(await store.find('prod', 'prod_shop_main')).toBeUndefined();
    expect(await store.put(record)).toEqual({ kind: 'moved', record });
    expect(await store.put(record)).toEqual({ kind: 'repeated', record });
    const changed = { ...record, login: 'prod_shop_main_2' };
    expect(await store.put(changed)).toEqual({ kind: 'moved', record: changed });
    expect(await store.put({ ...record, application: 'sh_op' })).toMatchObject({
      kind: 'refused',
      code: 'DatabaseTaken',
      reason: expect.stringContaining('prod_shop_main of prod belongs to the application shop, not to sh_op'),
      record: changed,
    });
    expect(await store.find('prod', 'prod_shop_main')).toEqual(changed);
    expect(await store.find('eu', 'prod_shop_main')).toBeUndefined();
  });

  test('a database by IAM has no secrets, until its record is written anew with some', async () => {
    const store = await open();
    const { secretArn: _, migratorSecretArn: __, ...byIam } = record;
    await store.put({ ...record, login: 'prod_shop_main_1' });
    expect(await store.put(byIam)).toEqual({ kind: 'moved', record: byIam });
    expect(await store.find('prod', 'prod_shop_main')).toEqual(byIam);
    expect(await store.put(record)).toEqual({ kind: 'moved', record });
  });

  test('of two applications that want one name at once, one gets it', async () => {
    const store = await open();
    const written = await Promise.all(
      ['shop', 'blog', 'cart'].map((application) => store.put({ ...record, application })),
    );
    expect(written.map(({ kind }) => kind).sort()).toEqual(['moved', 'refused', 'refused']);
  });
};

export const targetStoreContract = (open: Open<TargetStore>) => {
  test('a head moves from what was read, by one of many at once', async () => {
    const store = await open();
    const key = '42/refs/heads/main/prod/shop';
    expect(await store.find(key)).toBeUndefined();
    const first = await Promise.all(['a', 'b', 'c'].map((after) => store.move(key, undefined, { after, n: 1 })));
    expect(first.map(({ kind }) => kind).sort()).toEqual(['moved', 'refused', 'refused']);
    const head = await store.find(key);
    expect(await store.move(key, head, { after: 'd', n: 2 })).toEqual({ kind: 'moved', record: { after: 'd', n: 2 } });
    expect(await store.move(key, head, { after: 'd', n: 2 })).toEqual({
      kind: 'repeated',
      record: { after: 'd', n: 2 },
    });
    expect(await store.move(key, head, { after: 'e', n: 2 })).toMatchObject({
      kind: 'refused',
      code: 'MovedOn',
      record: { after: 'd', n: 2 },
    });
  });

  test('what was accepted of a branch moves forward only, whoever writes at once', async () => {
    const store = await open();
    const key = acceptedKey({ repositoryId: '42', ref: 'refs/heads/main', environment: 'prod' });
    const accepted = (n: number) => ({ commit: `c${n}`, application: 'shop', n, at: `2026-08-01T10:0${n}:00.000Z` });
    expect(await store.findAccepted(key)).toBeUndefined();
    await Promise.all([3, 1, 2].map((n) => store.accept(key, accepted(n))));
    expect(await store.findAccepted(key)).toEqual(accepted(3));
    expect(await store.accept(key, accepted(3))).toEqual({ kind: 'repeated', record: accepted(3) });
    expect(await store.accept(key, accepted(2))).toMatchObject({ kind: 'refused', record: accepted(3) });
    expect(await store.find(key.replace('accepted', 'head'))).toBeUndefined();
  });

  test('the last request for a commit and the last look at the deliveries are what was written last', async () => {
    const store = await open();
    const key = pushRequestKey({ repositoryId: '42', ref: 'refs/heads/main', commit: 'c1' });
    expect([await store.findRequest(key), await store.findLook()]).toEqual([undefined, undefined]);
    for (const id of ['one', 'two']) await store.putRequest(key, { id, at: '2026-08-01T10:00:00.000Z' });
    expect(await store.findRequest(key)).toEqual({ id: 'two', at: '2026-08-01T10:00:00.000Z' });
    const look = { lookedAt: '2026-08-01T10:05:00.000Z', failed: [] };
    await store.putLook({ ...look, lookedAt: '2026-08-01T10:00:00.000Z' });
    await store.putLook(look);
    expect(await store.findLook()).toEqual(look);
  });
};

export const listenerStoreContract = (open: Open<ListenerStore>) => {
  const wishOf = (stack: string, fence = 1): PriorityWish => ({
    ...{ stack, fence, listenerArn: 'arn:listener/1', current: {}, used: [1001] },
    rules: [{ kind: 'rulePriority', name: 'ListenerRulePriority1', group: 'NORMAL', listenerArn: 'arn:listener/1' }],
  });

  test('of twenty stacks that ask at once each has a priority of its own, the lowest free ones, and keeps it', async () => {
    const store = await open();
    expect(await store.find('arn:listener/1')).toBeUndefined();
    const names = Array.from({ length: 20 }, (_, index) => `dev-app-${index}`);
    const ask = async (stack: string, fence: number) => {
      const { record } = await store.reserve(wishOf(stack, fence));
      return record && prioritiesOf(record, stack)['ListenerRulePriority1'];
    };
    const first = await Promise.all(names.map((name) => ask(name, 1)));
    expect(first.sort()).toEqual([1000, ...Array.from({ length: 19 }, (_, index) => 1002 + index)]);
    const given = await Promise.all(names.map((name) => ask(name, 1)));
    expect(new Set(given).size).toBe(20);
    expect(await Promise.all(names.map((name) => ask(name, 2)))).toEqual(given);
    expect(Object.keys((await store.find('arn:listener/1'))?.reservations ?? {})).toHaveLength(20);
  });

  test('a reservation that is asked for again is repeated, one of an older claim is refused', async () => {
    const store = await open();
    const { record } = await store.reserve(wishOf('dev-shop', 2));
    expect(await store.find('arn:listener/1')).toEqual(record);
    expect(await store.reserve(wishOf('dev-shop', 2))).toEqual({ kind: 'repeated', record });
    expect(await store.reserve(wishOf('dev-shop', 1))).toMatchObject({ kind: 'refused', code: 'StaleFence', record });
    expect(await store.find('arn:listener/2')).toBeUndefined();
  });
};

export const configurationStoreContract = (open: Open<ConfigurationStore>) => {
  const repository: Repository = {
    id: '42',
    owner: 'Acme',
    name: 'Shop',
    installationId: '7',
    checksEnabled: true,
    targets: [{ repositoryId: '42', ref: 'refs/heads/main', environment: 'prod' }],
  };
  const environment = (fullName: string) =>
    ({ fullName, kind: 'aws', clusterName: 'main', vars: [{ name: 'EMPTY', value: '' }] }) as unknown as Environment;

  test('a repository is found by id, and by name without regard to case', async () => {
    const store = await open();
    expect(await store.findRepositoryByName('acme', 'shop')).toBeUndefined();
    await store.putRepository(repository);
    expect(await store.findRepository('42')).toEqual(repository);
    expect(await store.findRepositoryByName('acme', 'SHOP')).toEqual(repository);
  });

  test('a name that moved leads to the repository that has it now, or to none', async () => {
    const store = await open();
    await store.putRepository(repository);
    await store.putRepository({ ...repository, name: 'store' });
    expect(await store.findRepositoryByName('Acme', 'Shop')).toBeUndefined();
    const heir = { ...repository, id: '43' };
    await store.putRepository(heir);
    expect(await store.findRepositoryByName('Acme', 'Shop')).toEqual(heir);
    expect(await store.findRepositoryByName('Acme', 'store')).toMatchObject({ id: '42' });
  });

  test('repositories are listed by id, each once, without what leads to them by name', async () => {
    const store = await open();
    expect(await store.listRepositories()).toEqual([]);
    const other = { ...repository, id: '17', name: 'blog' };
    for (const each of [repository, other, repository]) await store.putRepository(each);
    expect(await store.listRepositories()).toEqual([other, repository]);
  });

  test('that heads are unknown is forgotten once they are known, unless the targets were changed again', async () => {
    const store = await open();
    const headsUnknown = { since: '2026-08-01T10:00:00.000Z', before: [] };
    await store.putRepository({ ...repository, headsUnknown });
    await store.headsKnown('42', '2026-08-01T09:00:00.000Z');
    expect(await store.findRepository('42')).toEqual({ ...repository, headsUnknown });
    for (const _twice of [1, 2]) await store.headsKnown('42', headsUnknown.since);
    expect(await store.findRepository('42')).toEqual(repository);
    await store.headsKnown('43', headsUnknown.since);
    expect(await store.findRepository('43')).toBeUndefined();
  });

  test('environments and clusters are found by name; environments are listed by name', async () => {
    const store = await open();
    const cluster = { name: 'main', aws: { region: 'eu-central-1' } } as unknown as Cluster;
    await store.putCluster(cluster);
    for (const name of ['prod', 'eu', 'prod']) await store.putEnvironment(environment(name));
    expect(await store.findCluster('main')).toEqual(cluster);
    expect(await store.findCluster('other')).toBeUndefined();
    expect(await store.findEnvironment('eu')).toEqual(environment('eu'));
    expect(await store.findEnvironment('other')).toBeUndefined();
    expect(await store.listEnvironments()).toEqual([environment('eu'), environment('prod')]);
  });
};

export const eventStoreContract = (open: Open<EventStore>) => {
  const event = (type: string, minute: number) => ({
    subject: 'stack/prod-shop',
    at: new Date(Date.UTC(2026, 7, 1, 10, minute)).toISOString(),
    type,
    actor: 'alice',
    detail: { fence: 3, nothing: null, empty: '', list: [1, { deep: true }] },
  });

  test('events come back newest first, those of one moment in the order in which they came', async () => {
    const store = await open();
    const events = [event('Resumed', 2), event('Claimed', 2), event('Triggered', 1), event('Settled', 3)];
    for (const each of events) await store.append(each);
    await store.append({ ...event('Claimed', 9), subject: 'stack/other' });
    const listed = await store.list('stack/prod-shop', 10);
    expect(listed.map(({ type }) => type)).toEqual(['Settled', 'Claimed', 'Resumed', 'Triggered']);
    expect(listed[0]).toEqual(event('Settled', 3));
    expect(await store.list('stack/prod-shop', 1)).toHaveLength(1);
  });

  test('an event that is appended again is written once, beside others of its moment', async () => {
    const store = await open();
    const all = [event('A', 1), event('B', 1), event('A', 1), event('C', 1), event('B', 1)];
    await Promise.all(all.map((each) => store.append(each)));
    const listed = await store.list('stack/prod-shop', 10);
    expect(listed.map(({ type }) => type).sort()).toEqual(['A', 'B', 'C']);
  });
};

export const documentStoreContract = (open: Open<DocumentStore>) => {
  test('a document comes back as it was put; a key that nobody wrote is empty', async () => {
    const store = await open();
    const document = { name: 'Größe', nested: [1, null, { deep: true }] };
    await store.put('releases/1.json', document);
    expect(await store.find('releases/1.json')).toEqual(document);
    expect(await store.find('releases/2.json')).toBeUndefined();
  });

  test('the same document again is no change, another one under the key is refused', async () => {
    const store = await open();
    await Promise.all([1, 2, 3].map(() => store.put('plans/1.json', { a: 1, b: 2 })));
    await store.put('plans/1.json', { b: 2, a: 1 });
    await expect(store.put('plans/1.json', { a: 2 })).rejects.toThrow('plans/1.json holds another document already');
    expect(await store.find('plans/1.json')).toEqual({ a: 1, b: 2 });
  });

  test('the address is one that CloudFormation reads', async () => {
    const store = await open();
    expect(store.url('templates/1.json')).toMatch(
      /^https:\/\/s3\.eu-central-1\.amazonaws\.com\/documents\/(\w+\/)?templates\/1\.json$/,
    );
  });
};
