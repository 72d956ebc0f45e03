import { expect, test } from '@jest/globals';
import type { HookDelivery } from '../../functions/domain/failed-delivery.ts';
import { Transient } from '../../functions/domain/failure.ts';
import { acceptedKey, pushRequestKey } from '../../functions/domain/lost-push.ts';
import { reconcile } from '../../functions/operations/reconcile.ts';
import { memorySlipway, repository } from '../support/memory-slipway.ts';

const MINUTE = 60_000;
const ref = 'refs/heads/main';
const target = (globs: string, environment = 'prod') => ({ repositoryId: '1001', ref: globs, environment });

interface GitHub {
  readonly heads: Record<string, string>;
  readonly deliveries: HookDelivery[];
  readonly refs: Record<string, string>;
  readonly redelivered: string[];
  fault?: Error;
}

/** Slipway in memory with one repository whose branches have targets, and a GitHub that says what it is told. */
const started = async (targets = [target('refs/heads/main')]) => {
  const slipway = await memorySlipway();
  const github: GitHub = { heads: {}, deliveries: [], refs: {}, redelivered: [] };
  const answer = async <T>(value: T): Promise<T> => {
    if (github.fault) throw github.fault;
    return value;
  };
  const ports = {
    ...slipway.ports,
    branches: {
      list: (_repository: unknown, prefix: string) => {
        const found = Object.entries(github.heads).filter(([name]) => name.startsWith(prefix));
        return answer({ heads: Object.fromEntries(found), complete: true });
      },
    },
    hookDeliveries: {
      list: (since: Date) => {
        const listed = github.deliveries.filter(({ deliveredAt }) => new Date(deliveredAt) >= since);
        return answer({ deliveries: listed.reverse(), complete: true });
      },
      findRef: (id: string) => answer(github.refs[id]),
      redeliver: (id: string) => {
        github.redelivered.push(id);
        return answer(true);
      },
    },
  };
  await ports.configuration.putRepository({ ...repository, checksEnabled: true, targets });
  const at = () => ports.clock.now().toISOString();
  return {
    ...slipway,
    ports,
    github,
    look: () => reconcile(ports),
    /** What accept-deployment leaves. */
    accept: (commit: string, n = 1, environment = 'prod') =>
      ports.targets.accept(acceptedKey({ repositoryId: '1001', ref, environment }), {
        commit,
        application: 'shop',
        n,
        at: at(),
      }),
    /** What receive-push leaves. */
    request: (commit: string) =>
      ports.targets.putRequest(pushRequestKey({ repositoryId: '1001', ref, commit }), { id: 'delivery', at: at() }),
    fail: async (id: string, given: Partial<HookDelivery> = {}) => {
      github.deliveries.push({
        id,
        guid: `guid-${id}`,
        event: 'push',
        repositoryId: '1001',
        deliveredAt: at(),
        redelivery: false,
        statusCode: 500,
        pending: false,
        ...given,
      });
    },
    end: (name: string, status: 'SUCCEEDED' | 'FAILED' | 'ABORTED') => {
      const execution = slipway.machines.executions.find((each) => each.name === name);
      if (execution) Object.assign(execution, { status, stoppedAt: at() });
    },
    requests: () => slipway.machines.executions.filter(({ machine }) => machine === 'request'),
  };
};

test('a push that nobody told us of starts the request that it would have started, once', async () => {
  const { github, accept, look, requests, counted } = await started();
  await accept('c1');
  github.heads[ref] = 'c2';
  expect(await look()).toEqual({ pushes: 1, redeliveries: 0, repeats: 0, errors: 0 });
  expect(requests()).toEqual([
    expect.objectContaining({
      name: expect.stringMatching(/^reconcile-[0-9a-f]{24}$/),
      input: {
        kind: 'push',
        deliveryId: requests()[0]?.name,
        repositoryId: '1001',
        owner: 'acme',
        name: 'shop',
        ref,
        before: 'c1',
        after: 'c2',
        actor: 'slipway',
      },
    }),
  ]);
  expect(counted).toMatchObject({ ReconciledPushes: 1, ReconcileErrors: 0 });
  await Promise.all([look(), look()]);
  expect(requests()).toHaveLength(1);
});

test('a push that came normally is left alone, while its request runs and after it', async () => {
  const { github, accept, request, look, requests } = await started();
  await accept('c1');
  github.heads[ref] = 'c2';
  await request('c2');
  await look();
  await accept('c2', 2);
  await look();
  expect(requests()).toEqual([]);
});

test('a request that ended well without a deployment is never repeated for its commit', async () => {
  const { github, accept, request, look, requests, advance } = await started();
  await accept('c1');
  await request('c2');
  github.heads[ref] = 'c2';
  for (let days = 0; days < 3; days++) {
    advance(24 * 60 * MINUTE);
    await look();
  }
  expect(requests()).toEqual([]);
});

test('a branch that came back to an earlier commit is a push of its own, each time', async () => {
  const { github, accept, request, look, requests } = await started();
  for (const [n, commit] of ['c1', 'c2', 'c1', 'c2'].entries()) {
    github.heads[ref] = commit;
    await look();
    await request(commit);
    await accept(commit, n + 1);
    await look();
  }
  expect(requests().map(({ input }) => 'after' in input && input.after)).toEqual(['c1', 'c2', 'c1', 'c2']);
});

test('a branch that is new deploys; one that the globs do not match, and a tag, do not', async () => {
  const { github, look, requests } = await started([target('refs/heads/story/* !refs/heads/story/old', 'dev')]);
  Object.assign(github.heads, {
    'refs/heads/story/1': 'c1',
    'refs/heads/story/old': 'c2',
    'refs/heads/other': 'c3',
    'refs/tags/v1': 'c4',
  });
  expect((await look()).pushes).toBe(1);
  expect(requests()[0]?.input).toMatchObject({ ref: 'refs/heads/story/1', before: '0'.repeat(40) });
});

test('one request serves every target of a branch, and one target that lacks the commit is enough', async () => {
  const { github, accept, look, requests } = await started([
    target('refs/heads/main', 'dev'),
    target('refs/heads/*', 'prod'),
  ]);
  github.heads[ref] = 'c2';
  await accept('c2', 2, 'dev');
  await accept('c1', 1, 'prod');
  expect((await look()).pushes).toBe(1);
  expect(requests()).toHaveLength(1);
});

test('where branches stood when GitHub could not be asked is noted first, and only what moves after that deploys', async () => {
  const { ports, github, look, requests, accept, request } = await started();
  const { putRepository, findRepository } = ports.configuration;
  const targets = [target('refs/heads/main'), target('refs/heads/side')];
  const headsUnknown = { since: '2026-08-01T10:00:00.000Z', before: [target('refs/heads/main')] };
  await putRepository({ ...repository, checksEnabled: true, targets, headsUnknown });
  await accept('c1');
  Object.assign(github.heads, { [ref]: 'c2', 'refs/heads/side': 's1' });
  expect((await look()).pushes).toBe(1);
  expect(requests()[0]?.input).toMatchObject({ ref, after: 'c2' });
  await request('c2');
  expect(await findRepository('1001')).not.toHaveProperty('headsUnknown');
  github.heads['refs/heads/side'] = 's2';
  expect((await look()).pushes).toBe(1);
  expect(requests()[1]?.input).toMatchObject({ ref: 'refs/heads/side', before: 's1', after: 's2' });
});

test('a tag whose delivery failed is sent again, ever later, until it is taken', async () => {
  const { github, fail, look, advance, counted } = await started([target('refs/tags/v*')]);
  await fail('1');
  github.refs['1'] = 'refs/tags/v1';
  expect(await look()).toMatchObject({ redeliveries: 1, pushes: 0 });
  expect(await look()).toMatchObject({ redeliveries: 0 });
  advance(5 * MINUTE);
  expect(await look()).toMatchObject({ redeliveries: 1 });
  advance(5 * MINUTE);
  expect(await look()).toMatchObject({ redeliveries: 0 });
  await fail('2', { guid: 'guid-1', redelivery: true, statusCode: 202 });
  advance(30 * MINUTE);
  expect(await look()).toMatchObject({ redeliveries: 0 });
  expect([github.redelivered, counted['Redeliveries']]).toEqual([['1', '1'], 2]);
});

test('a failed delivery of a branch is left to its head; of one whose head is not compared it is sent again', async () => {
  const { ports, github, fail, accept, look, advance } = await started();
  await accept('c1');
  github.heads[ref] = 'c2';
  github.refs['1'] = ref;
  await fail('1');
  advance(4 * MINUTE);
  expect(await look()).toMatchObject({ pushes: 1, redeliveries: 0 });
  const list = ports.branches.list;
  ports.branches.list = () => Promise.reject(new Transient('Unavailable', '502'));
  advance(5 * MINUTE);
  github.refs['2'] = ref;
  await fail('2');
  expect(await look()).toMatchObject({ pushes: 0, redeliveries: 1, errors: 1 });
  ports.branches.list = list;
});

test('deliveries of repositories that nobody configured, and those that GitHub has forgotten, are left alone', async () => {
  const { github, fail, look } = await started();
  await fail('1', { repositoryId: '666' });
  await fail('2');
  github.refs['1'] = 'refs/tags/v1';
  expect(await look()).toMatchObject({ redeliveries: 0, errors: 0 });
  expect(github.redelivered).toEqual([]);
});

test('a request that a fault ended is tried again at once, then ever later; one that ended well or was stopped is not', async () => {
  const { ports, look, requests, end, advance } = await started();
  const push = { kind: 'push', deliveryId: 'delivery-1', ref };
  for (const name of ['failing', 'done', 'stopped']) await ports.machines.start('request', name, push);
  await ports.machines.start('request', 'by-hand', { id: 'by-hand', actor: 'alice' });
  end('failing', 'FAILED');
  end('by-hand', 'FAILED');
  end('done', 'SUCCEEDED');
  end('stopped', 'ABORTED');
  const names = () => requests().map(({ name }) => name);
  const first = names();
  expect((await Promise.all([look(), look()])).map(({ repeats }) => repeats)).toContain(1);
  expect(names()).toEqual([...first, 'failing-try-2']);
  expect(requests().at(-1)?.input).toEqual(push);
  end('failing-try-2', 'FAILED');
  await look();
  expect(names()).toHaveLength(5);
  advance(5 * MINUTE);
  await look();
  expect(names().at(-1)).toBe('failing-try-3');
  end('failing-try-3', 'SUCCEEDED');
  advance(24 * 60 * MINUTE);
  await look();
  expect(names()).toHaveLength(6);
});

test('GitHub that does not answer costs a counted error, and the next look does what this one could not', async () => {
  const { github, accept, look, requests, counted } = await started();
  await accept('c1');
  github.heads[ref] = 'c2';
  github.fault = new Transient('Unavailable', 'GitHub answered 503');
  expect(await look()).toMatchObject({ pushes: 0, errors: 2 });
  delete github.fault;
  expect(await look()).toMatchObject({ pushes: 1, errors: 0 });
  expect(requests()).toHaveLength(1);
  expect(counted['ReconcileErrors']).toBe(2);
});

test('GitHub that asks us to come back is asked no more in that look, and faults of ours are repaired all the same', async () => {
  const { ports, github, look, end, requests } = await started();
  const other = { ...repository, id: '1002', name: 'blog', checksEnabled: true, targets: [target('refs/heads/main')] };
  for (let n = 0; n < 20; n++) await ports.configuration.putRepository({ ...other, id: String(2000 + n) });
  await ports.machines.start('request', 'failing', { kind: 'push' });
  end('failing', 'FAILED');
  github.fault = new Transient('Throttled', 'GitHub answered 429');
  const { errors, repeats } = await look();
  // Five are asked at once.
  expect(errors).toBe(5);
  expect([repeats, requests().at(-1)?.name]).toEqual([1, 'failing-try-2']);
});

test('one repository that cannot be read does not keep the others from being looked at', async () => {
  const { ports, github, accept, look } = await started();
  await ports.configuration.putRepository({
    ...repository,
    id: '1002',
    name: 'gone',
    checksEnabled: true,
    targets: [target('refs/heads/main')],
  });
  const list = ports.branches.list;
  ports.branches.list = (asked: unknown, prefix: string) =>
    (asked as { name: string }).name === 'gone' ? Promise.reject(new Error('404')) : list(asked, prefix);
  await accept('c1');
  github.heads[ref] = 'c2';
  expect(await look()).toMatchObject({ pushes: 1, errors: 1 });
});

test('more branches than are looked at are counted, and the first thousand are looked at', async () => {
  const { github, look, requests, counted } = await started([target('refs/heads/**')]);
  for (let n = 0; n < 1200; n++) github.heads[`refs/heads/story/${String(n).padStart(4, '0')}`] = `c${n}`;
  expect(await look()).toMatchObject({ pushes: 1000 });
  expect([requests().length, counted['BranchesUnseen']]).toEqual([1000, 1]);
});
