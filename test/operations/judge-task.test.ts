import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../functions/domain/release.ts';
import { judgeTask } from '../../functions/operations/judge-task.ts';
import type { EcsTask, TaskRunner } from '../../functions/ports.ts';
import { aRelease, claimedDeployment, memorySlipway, withSidecar } from '../support/memory-slipway.ts';
import { aCallback, someTime } from '../support/records.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

/** What is made of a stopped task whose containers ended like this; `migrate` is the one of the release. */
const judged = async (
  containers: EcsTask['containers'],
  logs: Readonly<Record<string, readonly string[]>> = {},
  release: Partial<Release> = {},
) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { release });
  const read: string[] = [];
  const logTail: TaskRunner['logTail'] = async ({ logGroup, container }) => {
    read.push(`${logGroup} ${container}`);
    return logs[container] ?? [];
  };
  const aws = slipway.ports.inCluster(sampleCluster());
  const task = { arn: 'task/1', stopped: true, stopCode: 'EssentialContainerExited', containers };
  const cluster = { ...aws, tasks: { ...aws.tasks, startedBy: async () => [task], logTail } };
  const waitsFor = { kind: 'task', database: 'main', container: 'migrate', deadlineAt: someTime } as const;
  const callback = aCallback({ ...input, step: 'PGMigrate.main', status: 'CALLED', waitsFor });
  const outcome = await judgeTask({ ...slipway.ports, inCluster: () => cluster }, callback, waitsFor, cluster);
  return { ...outcome, read };
};

test.each<[string, EcsTask['containers'], object]>([
  [
    'a sidecar that ended well hides no failure',
    [
      { name: 'sidecar', exitCode: 0 },
      { name: 'migrate', exitCode: 3 },
    ],
    { ok: false, error: 'MigrationFailed', cause: expect.stringContaining('exit code 3') },
  ],
  [
    'a sidecar that was killed makes none',
    [
      { name: 'sidecar', exitCode: 137, reason: 'OutOfMemoryError' },
      { name: 'migrate', exitCode: 0 },
    ],
    { ok: true },
  ],
  [
    'a main container that never ran did not end well',
    [{ name: 'sidecar', exitCode: 0 }, { name: 'migrate' }],
    {
      ok: false,
      error: 'MigrationNotRun',
    },
  ],
])('F17: of a migration task the main container decides, by its name: %s', async (_what, containers, outcome) => {
  expect(await judged(containers)).toMatchObject(outcome);
});

describe('by IAM', () => {
  const byIam = withSidecar(aRelease(1));
  const logs = { migrate: ['pq: password authentication failed'], o5_runtime: ['AccessDenied: rds-db:connect'] };

  test('a failed migration is told with the last words of both containers, which stand in one group', async () => {
    const containers = [
      { name: 'migrate', exitCode: 1 },
      { name: 'o5_runtime', exitCode: 0 },
    ];
    const { read, ...outcome } = await judged(containers, logs, byIam);
    expect(outcome).toMatchObject({
      ok: false,
      error: 'MigrationFailed',
      cause: expect.stringMatching(/password authentication failed\no5_runtime:\nAccessDenied: rds-db:connect$/),
    });
    expect(read).toEqual(['ecs/prod/shop/migrate migrate', 'ecs/prod/shop/migrate o5_runtime']);
  });

  test('a sidecar whose image is nowhere is the reason, and not the migration', async () => {
    const reason = 'CannotPullContainerError: sidecar:1 not found';
    const { read: _, ...outcome } = await judged([{ name: 'migrate' }, { name: 'o5_runtime', reason }], {}, byIam);
    expect(outcome).toMatchObject({ ok: false, error: 'SidecarNotStarted', cause: expect.stringContaining(reason) });
  });

  test('what ended well is not read about', async () => {
    const containers = [
      { name: 'migrate', exitCode: 0 },
      { name: 'o5_runtime', exitCode: 137 },
    ];
    expect(await judged(containers, logs, byIam)).toMatchObject({ ok: true, read: [] });
  });
});
