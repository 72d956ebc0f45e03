import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DescribeServicesCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, test } from '@jest/globals';
import type { TaskRecord } from '../../../infra/local/ecs/ecs-records.ts';
import { identityOf } from '../../../infra/local/ecs/process-mark.ts';
import { openStore } from '../../../infra/local/store.ts';
import { temporaryFolder } from '../images/git-repository.ts';
import { eventually, testWorld } from '../test-world.ts';
import { ecsWorld, isAlive, script } from './ecs-world.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const folderOf = () => {
  const folder = temporaryFolder();
  open.push(folder.remove);
  return folder.path;
};

const recordsOf = (world: ReturnType<typeof testWorld>) =>
  world.store
    .table<TaskRecord>('ecs.tasks')
    .list()
    .map(({ value }) => value);
const pidsOf = (tasks: readonly TaskRecord[]) =>
  tasks.flatMap(({ containers }) => containers.flatMap(({ process }) => process?.pid ?? []));

/** A failing test leaves no orphans either; a process id that went to somebody else is not touched. */
const killStill = (tasks: readonly TaskRecord[]) => {
  const marks = tasks.flatMap(({ containers }) => containers.flatMap(({ process }) => process ?? []));
  for (const { pid, identity } of marks) if (identityOf(pid) === identity) process.kill(pid, 'SIGKILL');
};

/** Runs the other cloud until it says that all is up, and kills it as nothing can be prepared for. */
const crashed = async (
  folder: string,
  storeFile: string,
): Promise<{ listenerArn: string; url: string; volume: string }> => {
  const script = join(import.meta.dirname, 'crashing-cloud.ts');
  const child = spawn(process.execPath, [script, folder, storeFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.parse(String(line));
};

test('after a crash orphans are killed, one-off tasks end, and services come back on the same address', async () => {
  const folder = folderOf();
  const storeFile = join(folder, 'store.sqlite');
  const { listenerArn, url, volume } = await crashed(folder, storeFile);
  open.push(() => rmSync(dirname(volume), { recursive: true, force: true }));
  const world = testWorld({ store: openStore(storeFile) });
  const before = recordsOf(world);
  const orphans = pidsOf(before);
  open.push(() => killStill(before));
  expect(orphans).toHaveLength(3);
  expect(orphans.every(isAlive)).toBe(true);
  expect(existsSync(volume)).toBe(true);

  const cloud = await ecsWorld({ folder, world });
  open.push(cloud.close);
  expect(orphans.some(isAlive)).toBe(false);
  expect(existsSync(dirname(volume))).toBe(false);
  expect(world.lines.join('\n')).toContain('killed 3 processes');
  const migration = before.find(({ startedBy }) => startedBy === 'migration')?.arn ?? '';
  expect(await cloud.reached(migration, 'STOPPED')).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'TerminationNotice',
    stoppedReason: expect.stringMatching(/^Host EC2 \(instance i-\w+\) terminated\.$/),
  });
  expect(cloud.eventsOf(migration).map(({ lastStatus }) => lastStatus)).toEqual(['STOPPED']);

  await eventually('the service is back', () => pidsOf(recordsOf(world).filter(isRunning)).length === 2);
  expect(cloud.balancer.listenerUrl(listenerArn)).toBe(url);
  await untilServed(url);
  const { services } = await cloud.client.send(new DescribeServicesCommand({ cluster: 'main', services: ['shop'] }));
  expect(services?.[0]).toMatchObject({ desiredCount: 2, runningCount: 2, deployments: [{ failedTasks: 0 }] });
  const { taskArns = [] } = await cloud.client.send(new ListTasksCommand({ cluster: 'main', serviceName: 'shop' }));
  expect(taskArns.filter((arn) => before.some((task) => task.arn === arn))).toEqual([]);
});

const isRunning = ({ lastStatus }: TaskRecord) => lastStatus === 'RUNNING';

const untilServed = async (url: string) => {
  for (let tries = 0; tries < 100; tries += 1) {
    const response = await fetch(url);
    const text = await response.text();
    if (response.ok) return expect(text).toBe('one');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} never answered`);
};

test('a part that was dropped neither writes nor emits any more once another one holds the store', async () => {
  const folder = folderOf();
  const first = await ecsWorld({ folder });
  open.push(first.close);
  const arn = await first.run([script('setInterval(() => {}, 1000)')]);
  await first.reached(arn, 'RUNNING');
  const world = testWorld({ store: first.world.store });
  const [pid = 0] = pidsOf(recordsOf(world));
  const emitted = first.world.emitted.length;
  const second = await ecsWorld({ folder, world });
  open.push(second.close);
  await eventually('the orphan is gone', () => !isAlive(pid));
  expect(await second.reached(arn, 'STOPPED')).toMatchObject({ stopCode: 'TerminationNotice' });
  expect(first.world.emitted.slice(emitted)).toEqual([]);
});

test('a task that had not started yet when the cloud went down failed to start', async () => {
  const folder = folderOf();
  const slow = { ...testWorld(), latency: (operation: string) => (operation === 'ecs.pull' ? 3_600_000 : 0) };
  const first = await ecsWorld({ folder, world: slow });
  const arn = await first.run([{}]);
  await first.reached(arn, 'PENDING');
  await first.close();
  const second = await ecsWorld({ folder, world: testWorld({ store: slow.store }) });
  open.push(second.close);
  expect(await second.reached(arn, 'STOPPED')).toMatchObject({ stopCode: 'TaskFailedToStart' });
  await slow.clock.advance(3_600_000);
});
