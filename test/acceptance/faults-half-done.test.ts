import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WorkingClone, workingClone } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { isEnded } from '../../functions/domain/deployment/deployment.ts';
import { executionName } from '../../functions/domain/deployment/execution-name.ts';
import { startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';

const STACK = 'dev-shop';

let slipway: TestSlipway;
let clone: WorkingClone;
let first: Deployment;
const ends = new Map<string, Deployment>();
let requests: readonly string[];
let deployments: number;

// The tests only read: the story is told once, in order. Each half-done thing is what a crash at that moment leaves.
beforeAll(async () => {
  slipway = await startTestSlipway();
  clone = await workingClone(`${slipway.directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  first = await slipway.ended(STACK, await clone.pushRelease('01-first-release'));

  await recorded('m-recorded');
  await endedBySweeping('m-recorded');

  await claimed('m-claimed');
  await endedBySweeping('m-claimed');

  const fence = await claimed('m-silent');
  // It fails at its first state, before any function has heard of it: nothing in its input says what it serves.
  const { executionArn = '' } = await slipway.executions.start('deployment', executionName('m-silent', fence), {
    startAtRest: false,
  });
  await slipway.executions.ended(executionArn);
  await endedBySweeping('m-silent');

  await failedRequest();
}, 120_000);

afterAll(() => slipway?.stop());

/** Accepted two minutes ago, so that nobody can be at it any more, and then nothing: no place in the queue. */
const recorded = async (id: string): Promise<void> => {
  const { stackName, environment, application, release, version, strategy } = first;
  const at = new Date(slipway.clock.now() - 120_000).toISOString();
  const source = { kind: 'manual' } as const;
  const ids = { id, stackName, environment, application, release, version: `${id} of ${version}`, strategy };
  await slipway.ports.deployments.create({
    ...{ ...ids, source, actor: 'alice', status: 'QUEUED', steps: {} },
    ...{ createdAt: at, updatedAt: at },
  });
};

/** Queued and claimed, and then nothing: no execution. */
const claimed = async (deploymentId: string): Promise<number> => {
  const { stacks } = slipway.ports;
  await recorded(deploymentId);
  const entry = { deploymentId, kind: 'full', acceptedAt: new Date(slipway.clock.now()).toISOString() } as const;
  await stacks.apply(STACK, { type: 'Triggered', entry, fixForward: false });
  const { record } = await stacks.apply(STACK, { type: 'Claimed', deploymentId });
  return record?.fence ?? 0;
};

const endedBySweeping = async (id: string): Promise<void> => {
  let looks = 0;
  const deployment = await until(
    `the end of ${id}`,
    async () => {
      const found = await slipway.ports.deployments.find(id);
      if (found && isEnded(found.status)) return found;
      // The first minute brings the sweeper; others are for what waits by the clock.
      if (looks++ % 20 === 0) await slipway.clock.advance(60_000);
      return undefined;
    },
    async () => JSON.stringify([await slipway.ports.deployments.find(id), await slipway.ports.stacks.find(STACK)]),
  );
  ends.set(id, deployment);
  await until('the stack at rest', async () => (await slipway.ports.stacks.find(STACK))?.status === 'AVAILABLE');
};

/** GitHub is out of order until the request has given up; then its delivery is sent again, twice. */
const failedRequest = async (): Promise<void> => {
  let isOut = true;
  slipway.github.fail(({ path }) => isOut && path.includes('/repos/'), Number.MAX_SAFE_INTEGER, 503);
  const commit = await clone.pushRelease('02-new-greeting');
  const [delivery] = await until('the delivery', async () => {
    const [newest] = slipway.github.deliveries();
    return newest?.result && [newest];
  });
  const arn = slipway.executions.arnOf('request', delivery?.guid ?? '');
  await until('the end of the request', async () => {
    await slipway.clock.advance(250);
    return (await slipway.executions.find(arn))?.status === 'FAILED';
  });
  isOut = false;
  await slipway.github.redeliver(delivery?.id ?? 0);
  ends.set('redelivered', await slipway.ended(STACK, commit));
  await slipway.clock.advance(60_000);
  await slipway.github.redeliver(delivery?.id ?? 0);
  requests = (await slipway.executions.list('request')).filter((each) => each.includes(delivery?.guid ?? '-'));
  for (const request of requests) await slipway.executions.ended(request);
  deployments = (await slipway.ports.deployments.listOfStack(STACK, 50)).length;
};

test('a deployment that was accepted but not queued is queued by the sweeper, and runs', () => {
  expect(ends.get('m-recorded')).toMatchObject({ status: 'DONE', fence: 2 });
});

test('a claim whose execution was not started is started by the sweeper', () => {
  expect(ends.get('m-claimed')).toMatchObject({ status: 'DONE', fence: 3 });
});

test('an execution that ended before its first word is brought to rest, and frees the stack that it left alone', () => {
  expect(ends.get('m-silent')).toMatchObject({ status: 'FAILED', fence: 4, reason: { code: 'Interrupted' } });
});

test('a request that failed by a fault does its work when its delivery is sent again, and only once', () => {
  expect(ends.get('redelivered')).toMatchObject({ status: 'DONE' });
  expect(requests).toHaveLength(3);
  expect(deployments).toBe(5);
});
