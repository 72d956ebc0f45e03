import { expect, test } from '@jest/globals';
import { request } from '../../statemachines/request.asl.ts';
import { failing } from '../local/sfn/support/cloud.ts';
import { statesOf } from '../support/machine-states.ts';
import { type Script, type Walk, walk } from '../support/walk.ts';

const push = { kind: 'push', deliveryId: '7d3e', owner: 'acme', name: 'shop', ref: 'refs/heads/main' };

const accepted = { outcome: 'ACCEPTED', reason: 'Queued', stackName: 'dev-shop', deploymentId: 'd1' };

const received = (asked: object, ...environments: readonly string[]) => ({
  outcome: 'RECEIVED',
  request: asked,
  targets: (environments.length > 0 ? environments : ['dev']).map((environment) => ({ environment })),
});

/** A push that becomes one queued deployment per target. */
const script: Script = {
  ReceivePush: () => received({ id: '7d3e' }),
  BuildRelease: () => ({ outcome: 'BUILT', draft: 'draft-1', application: 'shop' }),
  ImageWait: () => ({ outcome: 'FOUND', release: 'release-1' }),
  PreviewPlan: () => ({ outcome: 'PLANNED', reason: 'NOP: nothing changes', mode: 'NOP', preview: 'previews/7.json' }),
  AcceptDeployment: () => accepted,
  RejectRequest: () => ({ outcome: 'REJECTED', reason: 'the image never came' }),
};

const toRelease = ['BuildRelease', 'Built'];
const toAccept = [...toRelease, 'ImageWait', 'Images', 'AcceptDeployment'];

interface Path {
  readonly name: string;
  readonly changed: Script;
  /** The states of the one target, in order. */
  readonly way: readonly string[];
  readonly outcome: string;
}

const paths: readonly Path[] = [
  { name: 'a new commit is queued', changed: {}, way: toAccept, outcome: 'ACCEPTED' },
  {
    name: 'a duplicate is asked for again',
    changed: { AcceptDeployment: () => ({ ...accepted, outcome: 'DUPLICATE', reason: 'Accepted before' }) },
    way: toAccept,
    outcome: 'DUPLICATE',
  },
  {
    name: 'an overtaken commit is not queued',
    changed: { AcceptDeployment: () => ({ ...accepted, outcome: 'OVERTAKEN', reason: 'moved on', deploymentId: '' }) },
    way: toAccept,
    outcome: 'OVERTAKEN',
  },
  {
    name: 'a refused configuration is no fault',
    changed: { BuildRelease: () => ({ outcome: 'REJECTED', reason: 'line 3' }) },
    way: [...toRelease, 'NotBuilt'],
    outcome: 'REJECTED',
  },
  {
    name: 'a preview is planned, and waits for no image',
    changed: { ReceivePush: () => received({ id: '7d3e', preview: true }) },
    way: [...toRelease, 'PreviewPlan', 'Planned'],
    outcome: 'PLANNED',
  },
  {
    name: 'a preview of what cannot be built is none',
    changed: {
      ReceivePush: () => received({ id: '7d3e', preview: true }),
      BuildRelease: () => ({ outcome: 'REJECTED', reason: 'line 3' }),
    },
    way: [...toRelease, 'NotBuilt'],
    outcome: 'REJECTED',
  },
  {
    name: 'an image of a foreign registry is looked at again',
    changed: {
      ImageWait: (_payload, call) => (call < 3 ? { outcome: 'LOOK' } : { outcome: 'FOUND', release: 'release-1' }),
    },
    way: [
      ...toRelease,
      ...Array.from({ length: 2 }, () => ['ImageWait', 'Images', 'ImageLook']).flat(),
      ...toAccept.slice(toRelease.length),
    ],
    outcome: 'ACCEPTED',
  },
  {
    name: 'an image that never comes ends the request visibly',
    changed: { ImageWait: () => failing('ImageMissing') },
    way: [...toRelease, 'ImageWait', 'ImagesMissing', 'NotAccepted'],
    outcome: 'REJECTED',
  },
];

const go = (changed: Script = {}): Promise<Walk> => walk(request, push, { ...script, ...changed });

const around = ['ReceivePush', 'Targets'];

test.each(paths)('$name', async ({ changed, way, outcome }) => {
  const walked = await go(changed);
  expect(walked.way).toEqual(around);
  expect(walked.entered.filter((name) => !around.includes(name))).toEqual(way);
  expect(walked).toMatchObject({ status: 'SUCCEEDED', output: { targets: [{ outcome }] } });
});

test('who asked by hand learns which deployment came of it, or where the plan stands', async () => {
  expect((await go()).output).toMatchObject({ targets: [{ deploymentId: 'd1', stackName: 'dev-shop' }] });
  const asked = await go({ ReceivePush: () => received({ id: '7d3e', preview: true }) });
  expect(asked.output).toMatchObject({
    targets: [{ outcome: 'PLANNED', mode: 'NOP', preview: 'previews/7.json', reason: 'NOP: nothing changes' }],
  });
  expect(asked.calls.map(({ name }) => name)).toEqual(['ReceivePush', 'BuildRelease', 'PreviewPlan']);
});

test('what means nothing to us ends quietly, with the reason', async () => {
  const walked = await go({
    ReceivePush: () => ({ outcome: 'IGNORED', reason: 'the branch was deleted', targets: [] }),
  });
  expect(walked.way).toEqual(around);
  expect(walked).toMatchObject({ status: 'SUCCEEDED', output: { answer: { reason: 'the branch was deleted' } } });
});

test('a push that no environment wants ends quietly', async () => {
  const walked = await go({ ReceivePush: () => ({ ...received({ id: '7d3e' }), targets: [] }) });
  expect(walked).toMatchObject({ status: 'SUCCEEDED', way: around, output: { targets: [] } });
});

test('each target has its own outcome', async () => {
  const walked = await go({
    ReceivePush: () => received({ id: '7d3e' }, 'dev', 'prod'),
    BuildRelease: ({ target }) =>
      JSON.stringify(target).includes('prod')
        ? { outcome: 'REJECTED', reason: 'no such cluster' }
        : { outcome: 'BUILT', draft: 'draft-1', application: 'shop' },
  });
  expect(walked.output).toMatchObject({ targets: [{ outcome: 'ACCEPTED' }, { outcome: 'REJECTED' }] });
});

test('a function that is not answered within the hour ends as a missing image', async () => {
  const walked = await go({ ImageWait: () => failing('States.Timeout') });
  expect(walked.entered).toContain('ImagesMissing');
  expect(walked.status).toBe('SUCCEEDED');
});

test('only a fault fails the execution', async () => {
  const walked = await go({ AcceptDeployment: () => failing('TypeError') });
  expect(walked).toMatchObject({ status: 'FAILED', error: 'TypeError' });
});

test('all these ways together enter every state of the machine', async () => {
  const walks = await Promise.all(paths.map(({ changed }) => go(changed)));
  const entered = new Set(walks.flatMap((walked) => walked.entered));
  const never = statesOf(request).filter(({ name }) => !entered.has(name));
  expect(never.map(({ name }) => name)).toEqual([]);
});
