import { expect, test } from '@jest/globals';
import type { Draft } from '../../functions/domain/draft.ts';
import type { Release } from '../../functions/domain/release.ts';
import type { Request } from '../../functions/domain/request.ts';
import { imageWait } from '../../functions/operations/image-wait.ts';
import { digestsOf, missingIn, pinnedImages } from '../../functions/operations/pin-images.ts';
import { releaseKey } from '../../functions/operations/step-context.ts';
import type { ClusterPorts } from '../../functions/ports.ts';
import type { FakeExecution, TaskEnd } from '../support/fake-machines.ts';
import { memorySlipway } from '../support/memory-slipway.ts';

const DRAFT = 'drafts/1.json';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const request: Request = { id: 'd0a1', kind: 'push', commit: 'c0ffee', actor: 'alice' };
const draft = (...images: string[]): Draft => ({
  environment: 'prod',
  application: 'shop',
  version: 'c0ffee',
  migrations: {},
  built: {
    template: { Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Image: images[0] } } } },
    parameters: [],
    databases: [],
    images,
    quickMode: false,
  },
});

/** A registry that has what the test puts in it; names that begin with `ecr/` send events. */
const world = async (...images: string[]) => {
  const slipway = await memorySlipway();
  const present = new Map<string, string>();
  const registry = {
    digest: async (name: string) => present.get(name),
    sendsEvents: (name: string) => name.startsWith('ecr/'),
  };
  const ports = { ...slipway.ports, inCluster: () => ({ images: registry }) as unknown as ClusterPorts };
  await ports.documents.put(DRAFT, draft(...images));
  const { machines } = slipway;
  const { arn: execution } = await machines.port.start('request', 'd0a1', {});
  const startedAt = ports.clock.now().toISOString();
  /** One entry of the state: what it was told through its task token so far. */
  const enter = async (more: object = {}) => {
    const { taskToken, end } = machines.await(machines.executions[0] as FakeExecution);
    const told: { end?: TaskEnd } = {};
    void end.then((answer) => Object.assign(told, { end: answer }));
    await imageWait(ports, { request, draft: DRAFT, taskToken, execution, startedAt, ...more });
    await new Promise((resolve) => setImmediate(resolve));
    return told;
  };
  const open = async () => ports.callbacks.listOpen();
  return { ...slipway, ports, present, enter, open, registry };
};

test('a release whose images are all there is pinned at once, by digest', async () => {
  const { enter, present, ports, open } = await world('ecr/shop:1', 'ghcr.io/sidecar:2');
  present.set('ecr/shop:1', DIGEST).set('ghcr.io/sidecar:2', DIGEST);
  const { end } = await enter();
  expect(end).toMatchObject({
    ok: true,
    output: { outcome: 'PINNED', release: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  const { release } = end?.ok ? (end.output as { release: string }) : { release: '' };
  expect(await ports.documents.find<Release>(releaseKey(release))).toMatchObject({
    hash: release,
    stackName: 'prod-shop',
    version: 'c0ffee',
    images: { 'ecr/shop:1': expect.stringContaining(DIGEST) },
  });
  expect(await open()).toEqual([]);
});

test('a registry that sends events is waited for without another look', async () => {
  const { enter, open } = await world('ecr/shop:1');
  expect(await enter()).toEqual({});
  expect(await open()).toMatchObject([
    {
      status: 'CALLED',
      step: 'ImageWait',
      stackName: 'prod-shop',
      waitsFor: { kind: 'image', images: ['ecr/shop:1'] },
    },
  ]);
});

test('a foreign registry is looked at again by the state machine, under the same record', async () => {
  const { enter, open, present } = await world('ecr/shop:1', 'ghcr.io/sidecar:2');
  expect((await enter()).end).toEqual({ ok: true, output: { outcome: 'LOOK' } });
  expect((await enter()).end).toEqual({ ok: true, output: { outcome: 'LOOK' } });
  expect(await open()).toHaveLength(1);
  present.set('ghcr.io/sidecar:2', DIGEST);
  expect(await enter()).toEqual({});
  present.set('ecr/shop:1', DIGEST);
  expect((await enter()).end).toMatchObject({ ok: true, output: { outcome: 'PINNED' } });
});

test('one look asks for each image once, so that none can arrive unseen between two questions', async () => {
  const { enter, registry } = await world('ecr/shop:1', 'ghcr.io/sidecar:2');
  const asked: string[] = [];
  registry.digest = async (name) => {
    asked.push(name);
    return undefined;
  };
  await enter();
  expect(asked).toEqual(['ecr/shop:1', 'ghcr.io/sidecar:2']);
});

test('an outcome that was found in between is told to whoever waits now', async () => {
  const { enter, open, ports } = await world('ecr/shop:1');
  await enter();
  const [callback] = await open();
  await ports.callbacks.complete(callback?.token ?? '', { ok: true, output: { outcome: 'PINNED', release: 'r' } });
  expect((await enter()).end).toEqual({ ok: true, output: { outcome: 'PINNED', release: 'r' } });
});

test('after an hour a foreign registry is looked at no more, and the missing images are named', async () => {
  const { enter, advance } = await world('ecr/there:1', 'ghcr.io/a:1', 'ghcr.io/b:1');
  advance(60 * 60_000 - 1_000);
  expect((await enter()).end).toMatchObject({ ok: true });
  advance(2_000);
  await expect(enter()).rejects.toMatchObject({
    name: 'ImageMissing',
    message: expect.stringContaining('ghcr.io/a:1, ghcr.io/b:1'),
  });
});

test('two executions that wait for the same draft have a record each', async () => {
  const { enter, open } = await world('ecr/shop:1');
  await enter();
  await enter({ execution: 'arn:other' });
  expect(await open()).toHaveLength(2);
});

test('a draft or an environment that is gone is a fault', async () => {
  const { enter } = await world('ecr/shop:1');
  await expect(enter({ draft: 'drafts/none.json' })).rejects.toThrow('drafts/none.json');
});

test('the same images give the same release, whoever pins them', async () => {
  const { ports, present, registry } = await world('ecr/shop:1');
  const pin = async () => pinnedImages(ports, DRAFT, await digestsOf({ images: registry }, ['ecr/shop:1']));
  expect(await pin()).toBeUndefined();
  present.set('ecr/shop:1', DIGEST);
  const first = await pin();
  expect(first?.ok).toBe(true);
  expect(await pin()).toEqual(first);
  await expect(pinnedImages(ports, 'drafts/none.json', {})).rejects.toThrow('Draft drafts/none.json is gone');
});

test('the images that are missing are named in their order', async () => {
  const { present, registry } = await world();
  present.set('b', DIGEST);
  expect(missingIn(await digestsOf({ images: registry }, ['a', 'b', 'c']))).toEqual(['a', 'c']);
});

test('a registry that cannot be asked is a fault, not a missing image', async () => {
  const { enter, registry } = await world('ecr/shop:1');
  registry.digest = async () => {
    throw Object.assign(new Error('busy'), { name: 'Throttled' });
  };
  await expect(enter()).rejects.toMatchObject({ name: 'Throttled' });
});
