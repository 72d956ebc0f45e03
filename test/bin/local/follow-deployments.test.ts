import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { watchExecutions } from '../../../bin/local/execution-watch.ts';
import { type Follower, followDeployments } from '../../../bin/local/follow-deployments.ts';
import type { Show } from '../../../bin/show.ts';
import { plain } from '../../../bin/view/paint.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import type { Ports } from '../../../functions/ports.ts';
import { memoryDeploymentStore, memoryStackStore } from '../../support/memory-stores.ts';
import { aStack } from '../../support/records.ts';
import { until } from '../../support/until.ts';
import { aPlan, aPush, at } from '../view/records.ts';

const clock = { now: () => new Date(at(3_000)) };
const arn = 'arn:aws:states:eu-west-1:000000000000:execution:slipway-request:1';
const event = (type: string, details: object = {}) => ({
  id: 1,
  previousEventId: 0,
  timestampMillis: 0,
  type,
  ...details,
});

let ports: Pick<Ports, 'deployments' | 'stacks'>;
let watch: ReturnType<typeof watchExecutions>;
let follower: Follower;
let said: string[];

beforeEach(() => {
  ports = { deployments: memoryDeploymentStore(clock), stacks: memoryStackStore([aStack()]) };
  watch = watchExecutions();
  said = [];
  const show: Show = {
    update: (running) => {
      said.push(...running.map(({ deployment, subject }) => `${deployment.status} ${subject}`));
    },
    end: ({ deployment }, lines) => said.push(`${deployment.status}!`, ...lines),
    note: (lines) => said.push(...lines),
    tick: () => {},
  };
  const payload = JSON.stringify({ head_commit: { message: 'First release\n\nAt last.' } });
  const delivery = {
    id: 1,
    appId: 1,
    guid: '6b6bbb1a-f702-479c-aac0-470af202ee2e',
    event: 'push',
    repositoryId: 1001,
    redelivery: false,
    deliveredAt: 0,
    url: '',
    requestHeaders: {},
    payload,
  };
  const github = { deliveries: () => [delivery] };
  follower = followDeployments({ ports, github, url: 'http://127.0.0.1:1' }, watch, { show, paint: plain });
});
afterEach(() => follower.stop());

const reason = { code: 'X', message: 'No such table' };
const nothing = JSON.stringify({ answer: { outcome: 'IGNORED', reason: 'Nothing' } });
const request = (type: string, details: object = {}) => watch.onHistory(arn, event(type, details));

describe('Following deployments', () => {
  test('each is shown with the subject of its commit while it runs, and at its end', async () => {
    request('ExecutionStarted');
    await ports.deployments.create(aPush());
    const settled = follower.settled();
    await until('the deployment to be shown', async () => said.includes('QUEUED First release'));
    await ports.deployments.apply('d-1', { type: 'Rejected', reason });
    request('ExecutionSucceeded', { executionSucceededEventDetails: { output: nothing } });
    const ends = await settled;
    expect(ends.deployments.map(({ status }) => status)).toEqual(['REJECTED']);
    expect(said).toContain('REJECTED!');
    expect(said).toContain('  What happened:      No such table');
  });

  test('one that began and ended between two looks is shown all the same', async () => {
    await ports.deployments.create(aPush());
    await ports.deployments.apply('d-1', { type: 'Rejected', reason });
    const input = JSON.stringify({ deploymentId: 'd-1' });
    watch.onHistory(
      'arn:aws:states:eu-west-1:000000000000:execution:slipway-deployment:d-1-1',
      event('ExecutionStarted', { executionStartedEventDetails: { input } }),
    );
    expect((await follower.settled()).deployments).toHaveLength(1);
  });

  test('what began while a look was under way is waited for by those who ask after it began', async () => {
    await until('the first look', async () => !watch.takeNews());
    const { listOpen } = ports.deployments;
    const looking = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    ports.deployments.listOpen = async () => {
      const open = await listOpen();
      looking.resolve();
      await seen.promise;
      return open;
    };
    watch.onHistory(
      'arn:aws:states:eu-west-1:000000000000:execution:slipway-deployment:d-0-1',
      event('TaskStateEntered'),
    );
    await looking.promise;
    request('ExecutionStarted');
    const settled = follower.settled();
    ports.deployments.listOpen = listOpen;
    seen.resolve();
    await ports.deployments.create(aPush());
    request('ExecutionSucceeded', { executionSucceededEventDetails: { output: nothing } });
    await until('the deployment to be shown', async () => said.includes('QUEUED First release'));
    await ports.deployments.apply('d-1', { type: 'Rejected', reason });
    expect((await settled).deployments).toHaveLength(1);
  });

  test('the plan of one is explained once, when it is there', async () => {
    await follower.stop();
    const asked: string[] = [];
    const shown: (readonly string[])[] = [];
    const show: Show = {
      update: (running) => shown.push(...running.flatMap(({ explanation }) => (explanation ? [explanation] : []))),
      end: ({ explanation = [] }) => shown.push(explanation),
      note: () => {},
      tick: () => {},
    };
    const explain = async ({ id }: Deployment) => {
      asked.push(id);
      return ['New tasks start.'];
    };
    follower = followDeployments({ ports, github: { deliveries: () => [] }, url: '' }, watch, {
      show,
      paint: plain,
      explain,
    });
    await ports.deployments.create(aPush());
    const settled = follower.settled();
    await ports.deployments.note('d-1', { plan: aPlan });
    await until('the explanation', async () => shown.length > 1);
    await ports.deployments.apply('d-1', { type: 'Rejected', reason });
    await settled;
    expect(asked).toEqual(['d-1']);
    expect(new Set(shown.flat())).toEqual(new Set(['New tasks start.']));
  });

  test('nothing is settled while a request is under way', async () => {
    request('ExecutionStarted');
    let isSettled = false;
    const settled = follower.settled().then((ends) => {
      isSettled = true;
      return ends;
    });
    await ports.deployments.create(aPush());
    await until('the deployment to be shown', async () => said.includes('QUEUED First release'));
    await ports.deployments.apply('d-1', { type: 'Rejected', reason });
    await until('its end to be shown', async () => said.includes('REJECTED!'));
    expect(isSettled).toBe(false);
    request('ExecutionFailed', { executionFailedEventDetails: { error: 'Fault', cause: 'It broke' } });
    expect((await settled).rejections).toEqual([
      { commit: '', outcome: 'REJECTED', reason: 'the request ended with a fault (Fault): It broke' },
    ]);
    expect(said).toContain('✘ A push was refused: the request ended with a fault (Fault): It broke');
  });

  test('records that can no longer be read end it with the fault', async () => {
    const broken = {
      ...ports,
      deployments: { ...ports.deployments, listOpen: () => Promise.reject(new Error('gone')) },
    };
    const show: Show = { update: () => {}, end: () => {}, note: () => {}, tick: () => {} };
    const other = followDeployments({ ports: broken, github: { deliveries: () => [] }, url: '' }, watchExecutions(), {
      show,
      paint: plain,
    });
    await expect(other.over).rejects.toThrow('gone');
    await other.stop();
  });
});
