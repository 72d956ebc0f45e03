import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { canonical } from '../../functions/domain/canonical.ts';
import { deploymentIdFrom } from '../../functions/domain/deployment/deployment-id.ts';
import { executionName } from '../../functions/domain/deployment/execution-name.ts';
import { acceptedKey, pushRequestKey } from '../../functions/domain/lost-push.ts';
import { receivedFrom } from '../../functions/domain/receive.ts';
import { targetKey } from '../../functions/domain/target-head.ts';
import { outwardToken, subjectsOf } from '../../functions/domain/token.ts';
import { completeCallback } from '../../functions/operations/complete-step.ts';
import { planKey } from '../../functions/operations/plan-document.ts';
import { startAtRest } from '../../functions/operations/start-execution.ts';
import { releaseKey } from '../../functions/operations/step-context.ts';
import { tables } from '../../functions/tables.ts';
import { fakeMachines } from '../support/fake-machines.ts';
import { memoryCallbackStore, memoryDeploymentStore, memoryDocumentStore } from '../support/memory-stores.ts';
import { recordKinds } from './kinds.ts';
import { v1 } from './v1/all.ts';

// That today's types take the records at all is said by the compiler: test/types/previous-records.ts.

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const clock = { now: () => new Date('2027-01-01T00:00:00Z'), sleep: async () => undefined };

test('every kind of record has an example, and every table has a kind', () => {
  const examples: Readonly<Record<string, readonly unknown[]>> = v1;
  const without = Object.entries(examples).filter(([, each]) => each.length === 0);
  expect(without.map(([kind]) => kind)).toEqual([]);
  expect(Object.keys(v1).sort()).toEqual(Object.keys(recordKinds).sort());
  expect(Object.values(recordKinds)).toEqual(expect.arrayContaining(Object.keys(tables)));
});

test('no example holds a secret', () => {
  const text = JSON.stringify(v1);
  expect(text).not.toMatch(/-----BEGIN|postgres(ql)?:\/\/[^"]*:[^"]*@|AKIA|ASIA/);
  for (const { taskToken } of v1.callbacks) expect(taskToken).toBe('task-token');
});

test('names and tokens made from a record are those that were made before: what runs is found by them', () => {
  for (const callback of v1.callbacks) {
    const { token, deploymentId, fence, step, attempt } = callback;
    // The wait for images is of a request, before there is a deployment.
    if (step !== 'ImageWait') expect(outwardToken(hash, { deploymentId, fence, step, attempt })).toBe(token);
    expect(subjectsOf(callback)).toEqual(callback._subjects);
  }
  for (const deployment of v1.deployments) {
    const { id, createdAt, _order } = deployment;
    expect(`${createdAt}#${id}`).toBe(_order);
    if ('executionArn' in deployment)
      expect(deployment.executionArn.endsWith(`:${executionName(id, deployment.fence)}`)).toBe(true);
  }
});

test('a push of before is the same deployment today', () => {
  const heads = new Map<string, { readonly n: number }>(v1.targetHeads.map((head) => [head._key, head]));
  const pushes = v1.deployments.flatMap(({ id, source, environment, application }) =>
    source.kind === 'push' ? [{ id, ...source, environment, application }] : [],
  );
  expect(pushes.length).toBeGreaterThan(0);
  const known = pushes.map(({ id, repository, ref, after, environment, application }) =>
    Array.from({ length: 60 }, (_, n) =>
      deploymentIdFrom(hash, { repositoryId: repository.id, ref, after, environment, application, n }),
    ).includes(id),
  );
  expect(known).toEqual(pushes.map(() => true));
  for (const key of heads.keys()) {
    const [repositoryId = '', refs, heads_, ...rest] = key.split('/');
    const [application = '', environment = ''] = rest.toReversed();
    const ref = [refs, heads_, ...rest.slice(0, -2)].join('/');
    expect(targetKey({ repositoryId, ref, environment, application })).toBe(key);
  }
});

test('what is known of pushes stands where it stood', () => {
  for (const { _key } of v1.acceptedCommits) {
    const [, repositoryId, ref, environment, application] = JSON.parse(_key) as string[];
    expect(
      acceptedKey({ repositoryId: repositoryId ?? '', ref: ref ?? '', environment: environment ?? '', application }),
    ).toBe(_key);
  }
  for (const { _key } of v1.pushRequests) {
    const [, repositoryId = '', ref = '', commit = ''] = JSON.parse(_key) as string[];
    expect(pushRequestKey({ repositoryId, ref, commit })).toBe(_key);
  }
});

test('a release of before has the hash of its content, and documents stand under their keys', () => {
  for (const { key, document } of v1.releases) {
    const { hash: named, ...content } = document;
    expect(hash(canonical(content))).toBe(named);
    expect(releaseKey(named)).toBe(key);
  }
  for (const { key, document } of v1.drafts) expect(`drafts/${hash(canonical(document))}.json`).toBe(key);
  for (const { key, document } of v1.plans) {
    const fence = Number(key.split('/')[2]);
    expect(planKey({ deploymentId: document.deploymentId, stackName: '', fence })).toBe(key);
  }
});

test.each(v1.requestInputs)('what a webhook, or a person, of before has asked for is understood', (input) => {
  expect(receivedFrom(input)).toMatchObject({ outcome: 'RECEIVED' });
});

test.each(v1.callbacks)('a callback that was $status for $step before is ended today', async (callback) => {
  const [sample] = v1.deployments;
  const { _open, _order, _subjects, _revision, ...stored } = { _open: undefined, ...callback };
  const { deploymentId, fence } = stored;
  const deployments = memoryDeploymentStore(clock, [{ ...sample, id: deploymentId, fence }]);
  const callbacks = memoryCallbackStore();
  const machines = fakeMachines();
  const { arn } = await machines.port.start('deployment', `${deploymentId}-${fence}`, {});
  const execution = machines.executions.find((each) => each.arn === arn);
  if (!execution) throw new Error('The fake machine did not start');
  const { taskToken, end } = machines.await(execution);
  const { outcome: _outcome, told: _told, ...open } = { outcome: undefined, told: undefined, ...stored };
  await callbacks.intend({ ...open, taskToken, status: 'INTENDED' });
  const ports = { callbacks, deployments, machines: machines.port, clock };
  const outcome = 'outcome' in callback ? callback.outcome : { ok: true as const, output: { stack: 'done' } };
  expect(await completeCallback(ports, { ...open, taskToken }, outcome)).toBe(true);
  expect(await end).toMatchObject({ ok: outcome.ok });
  expect(await callbacks.find(callback.token)).toMatchObject({ status: 'COMPLETED', told: true });
});

test('an execution that is started at its end is told all that one of before was told', async () => {
  const [{ document: release }] = v1.releases;
  const documents = memoryDocumentStore();
  await documents.put(releaseKey(release.hash), release);
  const machines = fakeMachines();
  const deployment = { ...v1.deployments[0], release: release.hash };
  await startAtRest({ machines: machines.port, documents }, { deployment, fence: 7 }, 'at-rest');
  const told = Object.keys(machines.executions[0]?.input ?? {});
  expect(told).toEqual(expect.arrayContaining(Object.keys(v1.deploymentInputs[0])));
});
