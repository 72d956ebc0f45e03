import { expect, test } from '@jest/globals';
import { acceptedKey } from '../../functions/domain/lost-push.ts';
import type { DeploymentState } from '../../functions/domain/report.ts';
import type { Request } from '../../functions/domain/request.ts';
import { acceptDeployment } from '../../functions/operations/accept-deployment.ts';
import { aRelease, mainBranch, memorySlipway, repository, storeRelease } from '../support/memory-slipway.ts';

const target = { environment: 'prod', application: 'ext/o5/app.yaml' };
const key = acceptedKey({ repositoryId: repository.id, ref: mainBranch, ...target });

interface Given {
  readonly supersede?: boolean;
  /** Releases whose newest migration is marked must-run. */
  readonly mustRun?: readonly number[];
}

/** Slipway that takes pushes to main: the n-th push is the commit `v{n}` and the release `r{n}`. */
const started = async ({ supersede = false, mustRun = [] }: Given = {}) => {
  const slipway = await memorySlipway({ environment: { supersede } });
  const told: [number, DeploymentState][] = [];
  const reporter = {
    ...slipway.ports.reporter,
    deploymentStatus: async (_repository: unknown, id: number, state: DeploymentState) => void told.push([id, state]),
    deployment: async (_repository: unknown, { commit }: { commit: string }) => Number(commit.slice(1)),
  };
  const ports = { ...slipway.ports, reporter };
  const accept = async (n: number, more: Partial<Request> = {}) => {
    slipway.pushed.push(`v${n}`);
    await storeRelease(ports, releaseOf(n, mustRun));
    const ids = { id: `delivery-${n}`, ref: mainBranch, before: '', commit: `v${n}`, actor: 'alice' };
    const request: Request = { kind: 'push', repository, ...ids, ...more };
    return acceptDeployment(ports, { request, target, release: `r${n}`, application: 'shop' });
  };
  const versions = async () => {
    const stack = await ports.stacks.find('prod-shop');
    const named = [...(stack?.current ? [stack.current] : []), ...(stack?.queue ?? [])];
    return Promise.all(named.map(async ({ deploymentId }) => (await ports.deployments.find(deploymentId))?.version));
  };
  return { ...slipway, ports, accept, versions, told };
};

const releaseOf = (n: number, mustRun: readonly number[]) => {
  const release = aRelease(n);
  const contentOf = (id: string) =>
    `-- migrate:up\n${mustRun.includes(Number(id)) ? '-- slipway: must-run\n' : ''}SELECT ${id};\n-- migrate:down\n`;
  return {
    ...release,
    databases: release.databases.map(({ migrations, ...database }) => ({
      ...database,
      migrations: { ...migrations, files: migrations.files.map((file) => ({ ...file, content: contentOf(file.id) })) },
    })),
  };
};

test('what is in the queue is on record as accepted, under what the configuration says of its target', async () => {
  const { ports, accept } = await started();
  await accept(1);
  expect(await ports.targets.findAccepted(key)).toMatchObject({ commit: 'v1', application: 'shop', n: 1 });
  await accept(2);
  expect(await ports.targets.findAccepted(key)).toMatchObject({ commit: 'v2', n: 2 });
});

test('a repeated acceptance says the same again, and one that is overtaken says nothing', async () => {
  const { ports, accept, pushed } = await started();
  await accept(1);
  const first = await ports.targets.findAccepted(key);
  expect((await accept(1)).outcome).toBe('DUPLICATE');
  expect(await ports.targets.findAccepted(key)).toEqual(first);
  pushed.splice(0, pushed.length, 'v0', 'v1');
  const late = acceptDeployment(ports, {
    request: { kind: 'push', id: 'late', repository, ref: mainBranch, commit: 'v0', actor: 'alice' },
    target,
    release: 'r1',
    application: 'shop',
  });
  expect((await late).outcome).toBe('OVERTAKEN');
  expect(await ports.targets.findAccepted(key)).toEqual(first);
});

test('nothing is on record before the entry stands in the queue: whoever looks for lost pushes must find this one', async () => {
  const { ports, accept } = await started();
  ports.stacks.apply = () => Promise.reject(new Error('the function was killed'));
  await expect(accept(1)).rejects.toThrow('killed');
  expect(await ports.targets.findAccepted(key)).toBeUndefined();
});

test('a request by hand says nothing of the pushes of its branch', async () => {
  const { ports, accept } = await started();
  await accept(1, { kind: 'manual' });
  expect(await ports.targets.findAccepted(key)).toBeUndefined();
});

test('F21: an environment with a dash in its name has stacks of its own; a name that would be another one’s is refused with both', async () => {
  const { ports, accept } = await started();
  await accept(1);
  await storeRelease(ports, { ...aRelease(2), environment: 'prod-eu', stackName: 'prod-eu-shop' });
  await storeRelease(ports, { ...aRelease(3), environment: 'prod-eu', application: 'till', stackName: 'prod-eu-till' });
  await storeRelease(ports, { ...aRelease(4), application: 'eu-till', stackName: 'prod-eu-till' });
  const asked = (n: number) => {
    const request: Request = { kind: 'manual', id: `by hand ${n}`, repository, commit: `v${n}`, actor: 'alice' };
    return acceptDeployment(ports, { request, target, release: `r${n}`, application: 'shop' });
  };
  expect([(await asked(2)).outcome, (await asked(3)).outcome]).toEqual(['ACCEPTED', 'ACCEPTED']);
  const refused = await asked(4);
  expect(refused).toMatchObject({ outcome: 'REJECTED', stackName: 'prod-eu-till' });
  expect(refused.reason).toMatch(/belongs to till in prod-eu, and eu-till in prod would have the same name/);
  expect(await ports.deployments.find(refused.deploymentId)).toMatchObject({
    status: 'REJECTED',
    reason: { message: refused.reason, remedy: expect.stringMatching(/^Rename/) },
  });
  expect(await ports.stacks.find('prod-eu-till')).toMatchObject({ current: { fence: 1 }, queue: [] });
});

test('o5 runs every push, and so do we where nobody asked for another way', async () => {
  const { accept, versions } = await started();
  for (const n of [1, 2, 3, 4, 5]) await accept(n);
  expect(await versions()).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
});

test('with superseding on, of five queued pushes the newest runs, and the four others end with their successor named', async () => {
  const { ports, accept, versions, told } = await started({ supersede: true });
  for (const n of [1, 2, 3, 4, 5, 6]) await accept(n);
  expect(await versions()).toEqual(['v1', 'v6']);
  const records = await ports.deployments.listOfStack('prod-shop', 10);
  const byVersion = new Map(records.map((record) => [record.version, record]));
  for (const n of [2, 3, 4, 5])
    expect(byVersion.get(`v${n}`)).toMatchObject({
      status: 'SUPERSEDED',
      supersededBy: byVersion.get(`v${n + 1}`)?.id,
    });
  expect(told.filter(([, state]) => state === 'inactive').map(([id]) => id)).toEqual([2, 3, 4, 5]);
  expect(told.filter(([, state]) => state === 'failure' || state === 'error')).toEqual([]);
});

test('the push that brings a migration marked must-run runs; those after it, which have it too, do not have to', async () => {
  const { accept, versions } = await started({ supersede: true, mustRun: [3] });
  for (const n of [1, 2, 3, 4, 5, 6]) await accept(n);
  expect(await versions()).toEqual(['v1', 'v3', 'v6']);
});

test('a commit that a person named stays, and so does what no release is deployed by', async () => {
  const { accept, versions } = await started({ supersede: true });
  await accept(1);
  await accept(2, { kind: 'manual', id: 'pin' });
  await accept(3);
  await accept(4, { kind: 'manual', id: 'data', strategy: 'db-only' });
  for (const n of [5, 6]) await accept(n);
  expect(await versions()).toEqual(['v1', 'v2', 'v3', 'v4', 'v6']);
});

test('a branch that a person asked for by its name gives way to its newer pushes', async () => {
  const { ports, accept, versions } = await started({ supersede: true });
  await accept(1);
  const request: Request = { kind: 'manual', id: 'newest', repository, ref: mainBranch, actor: 'alice' };
  expect((await acceptDeployment(ports, { request, target, release: 'r1', application: 'shop' })).outcome).toBe(
    'ACCEPTED',
  );
  await accept(3);
  expect(await versions()).toEqual(['v1', 'v3']);
});

test.each([undefined, 'prod-shop-2'])(
  'what takes data away is refused when it confirms %s: no record, nothing queued',
  async (confirm) => {
    const { ports, accept } = await started();
    await accept(1);
    const before = await ports.stacks.find('prod-shop');
    const asked = { kind: 'manual', strategy: 'destroy-database', ...(confirm && { confirm }) } as const;
    const answer = await accept(2, asked);
    expect(answer).toMatchObject({
      outcome: 'REJECTED',
      reason: expect.stringContaining('Ask again with "confirm": "prod-shop"'),
      deploymentId: '',
      stackName: 'prod-shop',
    });
    expect(await ports.stacks.find('prod-shop')).toEqual(before);
    expect(await ports.deployments.listOfStack('prod-shop', 9)).toHaveLength(1);
    expect(await accept(2, { ...asked, confirm: 'prod-shop' })).toMatchObject({ outcome: 'ACCEPTED' });
  },
);
