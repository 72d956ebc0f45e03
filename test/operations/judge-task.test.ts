import { expect, test } from '@jest/globals';
import { judgeTask } from '../../functions/operations/judge-task.ts';
import type { EcsTask } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { aCallback, someTime } from '../support/records.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

/** What is made of a stopped task whose containers ended like this; `migrate` is the one of the release. */
const judged = async (containers: EcsTask['containers'], log: readonly string[] = []) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway);
  const aws = slipway.ports.inCluster(sampleCluster());
  const task = { arn: 'task/1', stopped: true, stopCode: 'EssentialContainerExited', containers };
  const cluster = { ...aws, tasks: { ...aws.tasks, startedBy: async () => [task], logTail: async () => log } };
  const waitsFor = { kind: 'task', database: 'main', container: 'migrate', deadlineAt: someTime } as const;
  const callback = aCallback({ ...input, step: 'PGMigrate.main', status: 'CALLED', waitsFor });
  return judgeTask({ ...slipway.ports, inCluster: () => cluster }, callback, waitsFor, cluster);
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
