import { expect, test } from '@jest/globals';
import type { CheckReport } from '../../functions/domain/report.ts';
import type { Request } from '../../functions/domain/request.ts';
import { type Rejection, rejectRequest } from '../../functions/operations/reject-request.ts';
import type { Reporter } from '../../functions/ports.ts';
import { memoryDocumentStore, memoryEventStore } from '../support/memory-stores.ts';

const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '7' };
const request: Request = {
  id: 'd0a1',
  kind: 'push',
  repository,
  ref: 'refs/heads/main',
  commit: 'c0ffee',
  actor: 'alice',
};
const failure = { Error: 'ConfigurationRefused', Cause: 'The file is not valid' };
const annotations = [{ path: 'o5.yaml', line: 4, message: 'no such key' }];

const world = (check?: Reporter['check']) => {
  const told: CheckReport[] = [];
  const counted: string[] = [];
  const logged: [string, unknown][] = [];
  const ports = {
    events: memoryEventStore(),
    documents: memoryDocumentStore(),
    clock: { now: () => new Date('2026-08-01T10:00:00Z'), sleep: async () => undefined },
    log: {
      info: () => undefined,
      error: (event: string, fields?: object) => logged.push([event, fields]),
      count: (metric: string) => counted.push(metric),
      measure: () => {},
    },
    reporter: {
      check:
        check ??
        (async (_: unknown, report: CheckReport) => {
          told.push(report);
          return 1;
        }),
      deployment: async () => 0,
      deploymentStatus: async () => undefined,
    },
  };
  const reject = (more: Partial<Rejection> = {}) =>
    rejectRequest(ports, { request, target: { environment: 'prod' }, failure, annotations, ...more });
  return { ...ports, told, counted, logged, reject };
};

test('a refusal is on record and on the commit, with its annotations', async () => {
  const { reject, events, told } = world();
  expect(await reject()).toEqual({ outcome: 'REJECTED', reason: 'The file is not valid' });
  expect(await events.list('request/d0a1', 5)).toMatchObject([
    {
      type: 'Rejected',
      actor: 'alice',
      at: '2026-08-01T10:00:00.000Z',
      detail: {
        environment: 'prod',
        commit: 'c0ffee',
        ref: 'refs/heads/main',
        reason: { code: 'ConfigurationRefused', left: 'Nothing was changed, what runs goes on' },
        annotations,
      },
    },
  ]);
  expect(told).toMatchObject([{ name: 'slipway/prod', commit: 'c0ffee', status: 'failure', annotations }]);
});

test('a wait that timed out names the images that were waited for', async () => {
  const { reject, documents } = world();
  await documents.put('drafts/1.json', { version: 'beef', built: { images: ['shop:1', 'migrate:1'] } });
  const { reason } = await reject({ draft: 'drafts/1.json', failure: { Error: 'States.Timeout', Cause: '' } });
  expect(reason).toContain('shop:1, migrate:1');
});

test('a request by hand is told on the commit that it was built at', async () => {
  const { reject, documents, told } = world();
  await documents.put('drafts/1.json', { version: 'beef', built: { images: [] } });
  const { commit: _, ...byHand } = request;
  await reject({ request: byHand, draft: 'drafts/1.json' });
  expect(told).toMatchObject([{ commit: 'beef', status: 'failure' }]);
});

test('a request without a commit is only on record', async () => {
  const { reject, events, told } = world();
  const { commit: _, ...byHand } = request;
  await reject({ request: byHand });
  const { repository: __, ...inline } = request;
  await reject({ request: { ...inline, id: 'd0a2' } });
  expect(told).toEqual([]);
  expect(await events.list('request/d0a1', 5)).toHaveLength(1);
  expect(await events.list('request/d0a2', 5)).toHaveLength(1);
});

test('the same refusal again is one record', async () => {
  const { reject, events } = world();
  await reject();
  await reject();
  expect(await events.list('request/d0a1', 5)).toHaveLength(1);
});

test('a commit that cannot be told is counted, and the refusal stands', async () => {
  const { reject, events, counted, logged } = world(async () => {
    throw new Error('GitHub is away');
  });
  expect((await reject()).outcome).toBe('REJECTED');
  expect(counted).toEqual(['ReportFailures']);
  expect(logged).toEqual([['ReportFailed', { requestId: 'd0a1', error: 'Error: GitHub is away' }]]);
  expect(await events.list('request/d0a1', 5)).toHaveLength(1);
});
