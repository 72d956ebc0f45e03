import { beforeEach, expect, test } from '@jest/globals';
import type { Cluster } from '../../functions/domain/environment/cluster.ts';
import type { Release } from '../../functions/domain/release.ts';
import type { PriorityParameter } from '../../functions/domain/template/rule-priorities.ts';
import {
  foreseenPriorities,
  type ReservePriorities,
  reservedPriorities,
  rulePriorities,
} from '../../functions/operations/rule-priorities.ts';
import type { ClusterPorts, ListenerStore } from '../../functions/ports.ts';
import { aRelease, memorySlipway } from '../support/memory-slipway.ts';
import { memoryListenerStore } from '../support/memory-stores.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const LISTENER = 'arn:listener/main';
const ROUTE = 'ListenerRulePriority1';

const sample = sampleCluster();
const cluster: Cluster = {
  ...sample,
  aws: { ...sample.aws, albIngress: { ...sample.aws.albIngress, listenerArn: LISTENER } },
};

let listeners: ListenerStore;
let aws: ClusterPorts;
let stacks: Set<string>;
let used: number[];
let looks: string[];

beforeEach(async () => {
  const real = (await memorySlipway()).ports.inCluster(sampleCluster());
  [stacks, used, looks] = [new Set(), [], []];
  listeners = memoryListenerStore();
  aws = {
    ...real,
    stacks: {
      ...real.stacks,
      find: async (name) => {
        looks.push(name);
        return stacks.has(name) ? standing(name) : undefined;
      },
    },
    listeners: {
      priorities: async (listenerArn) => {
        looks.push(listenerArn);
        return Object.fromEntries(used.map((priority) => [priority, `rule/${priority}`]));
      },
    },
  };
});

const standing = (name: string) => ({
  ...{ id: name, name, status: 'CREATE_COMPLETE', parameters: {}, outputs: {} },
  ...{ atRest: true, husk: false, rollbackFailed: false, usable: true },
});

const route = (more: Partial<PriorityParameter> = {}): PriorityParameter => ({
  ...{ kind: 'rulePriority', name: ROUTE, group: 'NORMAL', listenerArn: LISTENER },
  ...more,
});

const releaseOf = (stackName: string, parameters: Release['parameters'] = [route()]): Release => ({
  ...aRelease(1),
  stackName,
  parameters,
});

const asked = (
  release: Release,
  current: Readonly<Record<string, string>> = {},
  reserve: ReservePriorities = reservedPriorities({ listeners }, { fence: 1 }),
) => rulePriorities(reserve, { release, cluster, aws }, current);

const textOf = (priorities: Readonly<Record<string, number>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(priorities).map(([name, priority]) => [name, String(priority)]));

const reservations = async (listenerArn = LISTENER) => (await listeners.find(listenerArn))?.reservations ?? {};

test('twenty stacks that deploy at once get the lowest free priorities, and keep them when they deploy again', async () => {
  used = [1000, 1003];
  const releases = Array.from({ length: 20 }, (_, index) => releaseOf(`dev-app-${index}`));
  const first = await Promise.all(releases.map((release) => asked(release)));
  const given = first.map((priorities) => priorities[ROUTE] ?? 0);
  expect([...given].sort()).toEqual([1001, 1002, ...Array.from({ length: 18 }, (_, index) => 1004 + index)]);
  expect(await Promise.all(releases.map((release) => asked(release)))).toEqual(first);
  used.push(...given);
  const again = releases.map((release, index) =>
    asked(release, { [ROUTE]: String(given[index]), ListenerARN: LISTENER }),
  );
  expect(await Promise.all(again)).toEqual(first);
});

test('a preview foresees what a deployment would be given, and reserves nothing', async () => {
  await asked(releaseOf('dev-blog'));
  const before = await reservations();
  const foreseen = await asked(releaseOf('dev-shop'), {}, foreseenPriorities({ listeners }));
  expect(foreseen).toEqual({ [ROUTE]: 1001 });
  expect(await reservations()).toEqual(before);
  expect(await asked(releaseOf('dev-shop'))).toEqual(foreseen);
  expect(await asked(releaseOf('dev-shop'), {}, foreseenPriorities({ listeners }))).toEqual(foreseen);
});

test('a stack that has no routes any more gives back what it had once its rules are gone', async () => {
  const current = textOf(await asked(releaseOf('dev-shop')));
  used = [1000];
  await asked(releaseOf('dev-shop', []), current);
  expect(Object.keys(await reservations())).toEqual(['1000']);
  await asked(releaseOf('dev-shop', []));
  expect(await reservations()).toEqual({});
});

test('a stack that moves to another listener takes what is free there', async () => {
  const there = 'arn:listener/other';
  const current = { ...textOf(await asked(releaseOf('dev-shop'))), ListenerARN: LISTENER };
  await asked(releaseOf('dev-blog', [route({ listenerArn: there })]));
  expect(await asked(releaseOf('dev-shop', [route({ listenerArn: there })]), current)).toEqual({ [ROUTE]: 1001 });
});

test('a stack without routes leaves no trace', async () => {
  looks = [];
  expect(await asked(releaseOf('dev-worker', []))).toEqual({});
  expect([await listeners.find(LISTENER), looks]).toEqual([undefined, []]);
});

test('a full range takes what was reserved for stacks that are deleted; with none the step fails', async () => {
  const first = route({ group: 'FIRST' });
  for (const name of ['dev-deleted', 'dev-alive']) await asked(releaseOf(name, [first]));
  expect(looks).toEqual([LISTENER, LISTENER]);
  stacks.add('dev-alive');
  used = Array.from({ length: 997 }, (_, index) => index + 3);
  expect(await asked(releaseOf('dev-shop', [first]))).toEqual({ [ROUTE]: 1 });
  expect(Object.values(await reservations()).map(({ stack }) => stack)).toEqual(['dev-shop', 'dev-alive']);
  stacks.add('dev-shop');
  await expect(asked(releaseOf('dev-blog', [first]))).rejects.toMatchObject({
    name: 'PrioritiesExhausted',
    reason: {
      message: expect.stringContaining(`${LISTENER} has no free priority for routes of the group FIRST: 1 to 999`),
      left: 'The stack was not changed',
      remedy: expect.stringContaining('Retire an application'),
    },
  });
});

test('a claim that another one has overtaken is told so and changes nothing', async () => {
  await asked(releaseOf('dev-shop'), {}, reservedPriorities({ listeners }, { fence: 2 }));
  const before = await reservations();
  await expect(asked(releaseOf('dev-shop', [route({ name: 'ListenerRulePriority2' })]))).rejects.toMatchObject({
    name: 'StaleFence',
  });
  expect(await reservations()).toEqual(before);
});
