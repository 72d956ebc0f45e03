import type { Callback } from '../../functions/domain/callback.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { QueueEntry, Stack, StackEvent } from '../../functions/domain/stack/stack.ts';

export const reason = { code: 'MigrationFailed', message: 'relation "orders" does not exist' };
export const someTime = '2026-08-01T10:00:00.000Z';
export const identity = { environment: 'prod', application: 'shop' };

/** A stack at rest, unless told otherwise. */
export const aStack = (given: Partial<Stack> = {}): Stack => ({
  name: 'prod-shop',
  ...identity,
  status: 'AVAILABLE',
  fence: 0,
  queue: [],
  counts: {},
  revision: 7,
  ...given,
});

/** A push to main, queued. */
export const anEntry = (deploymentId: string, given: Partial<QueueEntry> = {}): QueueEntry => ({
  deploymentId,
  kind: 'full',
  ref: 'refs/heads/main',
  acceptedAt: someTime,
  ...given,
});

export const triggered = (
  entry: QueueEntry,
  given: Partial<Extract<StackEvent, { type: 'Triggered' }>> = {},
): StackEvent => ({ type: 'Triggered', entry, fixForward: false, ...given });

export const aDeployment = (given: Partial<Deployment> = {}): Deployment => ({
  id: 'd-1',
  stackName: 'prod-shop',
  ...identity,
  release: 'r1',
  version: 'c0ffee',
  strategy: 'full',
  source: { kind: 'manual' },
  actor: 'alice',
  status: 'QUEUED',
  steps: {},
  createdAt: someTime,
  updatedAt: someTime,
  ...given,
});

export const aCallback = (given: Partial<Callback> = {}): Callback => ({
  token: 't-1',
  taskToken: 'task-token-1',
  deploymentId: 'd-1',
  stackName: 'prod-shop',
  environment: 'prod',
  fence: 1,
  step: 'CFUpsert',
  attempt: 1,
  tries: 1,
  status: 'INTENDED',
  waitsFor: { kind: 'stack-operation', goal: 'UPDATE' },
  createdAt: someTime,
  touchedAt: someTime,
  ...given,
});
