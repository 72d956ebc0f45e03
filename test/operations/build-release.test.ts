import { expect, test } from '@jest/globals';
import { readConfiguration } from '../../functions/adapters/yaml/configuration-reader.ts';
import type { Request } from '../../functions/domain/request.ts';
import { buildRelease } from '../../functions/operations/build-release.ts';
import { memorySlipway, repository } from '../support/memory-slipway.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const request: Request = {
  id: 'delivery-1',
  kind: 'push',
  repository,
  ref: 'refs/heads/main',
  before: 'c0',
  commit: 'c1',
  actor: 'alice',
};

test('nothing is built for an environment whose cluster stack never answered, and the commit says why', async () => {
  const { ports } = await memorySlipway();
  const { answer: _, ...silent } = sampleCluster();
  await ports.configuration.putCluster(silent);
  const answer = await buildRelease({ ...ports, readConfiguration }, { request, target: { environment: 'prod' } });
  expect(answer).toEqual({ outcome: 'REJECTED', reason: expect.stringContaining('has never answered') });
  const [rejected] = await ports.events.list('request/delivery-1', 1);
  expect(rejected).toMatchObject({ type: 'Rejected', detail: { reason: { code: 'ClusterSilent' } } });
});
