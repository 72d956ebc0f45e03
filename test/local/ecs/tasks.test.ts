import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConflictException,
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { eventually } from '../test-world.ts';
import { isAlive, script } from './ecs-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const logged = { logDriver: 'awslogs' as const, options: { 'awslogs-group': 'shop', 'awslogs-stream-prefix': 'run' } };
const idOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

test('a task goes through every status with an event each, and its exit code is reported', async () => {
  const { run, reached, eventsOf } = await withEcs();
  const arn = await run([script('process.exitCode = 3')], { startedBy: 'deployment-1' });
  const task = await reached(arn, 'STOPPED');
  expect(task).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    startedBy: 'deployment-1',
    group: 'family:shop',
    containers: [{ name: 'main', lastStatus: 'STOPPED', exitCode: 3 }],
  });
  expect(task.stoppedAt).toBeInstanceOf(Date);
  expect(eventsOf(arn).map(({ lastStatus, desiredStatus }) => `${lastStatus} ${desiredStatus}`)).toEqual([
    'PROVISIONING RUNNING',
    'PENDING RUNNING',
    'RUNNING RUNNING',
    'DEACTIVATING STOPPED',
    'STOPPING STOPPED',
    'DEPROVISIONING STOPPED',
    'STOPPED STOPPED',
  ]);
  expect(eventsOf(arn).at(-1)).toMatchObject({
    clusterArn: 'arn:aws:ecs:eu-central-1:111122223333:cluster/main',
    taskArn: arn,
    taskDefinitionArn: 'arn:aws:ecs:eu-central-1:111122223333:task-definition/shop:1',
    startedBy: 'deployment-1',
    stopCode: 'EssentialContainerExited',
    stoppedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    containers: [{ containerArn: expect.any(String), name: 'main', lastStatus: 'STOPPED', exitCode: 3 }],
  });
  const versions = eventsOf(arn).map(({ version = 0 }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});

test('a process sees image, task, override, secrets, ports and PATH, runs in WORKDIR, and its lines are logged', async () => {
  const { run, reached, secrets, lines, describe } = await withEcs();
  process.env['ONLY_IN_THE_CLOUD'] = '1';
  const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:/prod/db-AbCdEf';
  secrets[secret] = '{"dburl":"postgres://x"}';
  secrets[`${secret}:dburl`] = 'postgres://x';
  const container = {
    command: ['node', '/app/print.mjs'],
    environment: [
      { name: 'FROM_TASK', value: '1' },
      { name: 'CHANGED', value: 'no' },
      { name: 'PORT', value: '8080' },
    ],
    secrets: [
      { name: 'WHOLE', valueFrom: secret },
      { name: 'DB_URL', valueFrom: `${secret}:dburl::` },
    ],
    portMappings: [{ containerPort: 8080 }, { containerPort: 9090 }],
    logConfiguration: logged,
  };
  const overrides = { containerOverrides: [{ name: 'main', environment: [{ name: 'CHANGED', value: 'yes' }] }] };
  const arn = await run([container], { overrides });
  await reached(arn, 'STOPPED');
  const seen = JSON.parse(lines[`shop run/main/${idOf(arn)}`]?.[0] ?? '{}');
  const bindings = (await describe(arn)).containers?.[0]?.networkBindings ?? [];
  const portOf = (containerPort: number) =>
    String(bindings.find((one) => one.containerPort === containerPort)?.hostPort);
  expect(seen).toMatchObject({
    FROM_IMAGE: 'yes',
    FROM_TASK: '1',
    CHANGED: 'yes',
    WHOLE: '{"dburl":"postgres://x"}',
    DB_URL: 'postgres://x',
    PORT: portOf(8080),
    PORT_8080: portOf(8080),
    PORT_9090: portOf(9090),
    AWS_REGION: 'eu-central-1',
    cwd: expect.stringMatching(/\/app$/),
  });
  expect(portOf(8080)).not.toBe('8080');
  expect(existsSync(seen.HOME)).toBe(false);
  expect(seen).not.toHaveProperty('ONLY_IN_THE_CLOUD');
});

test('processes run as the user that the cloud was given', async () => {
  const own = process.getuid?.() ?? 0;
  const uid = own === 0 ? 65_534 : own;
  const gid = own === 0 ? 65_534 : (process.getgid?.() ?? 0);
  const { run, reached, lines } = await withEcs({ user: { uid, gid } });
  const command = [
    'node',
    '-e',
    'require("fs").writeFileSync(process.env.HOME + "/x", ""); console.log(process.getuid())',
  ];
  const arn = await run([{ command, logConfiguration: logged }]);
  expect((await reached(arn, 'STOPPED')).containers?.[0]?.exitCode).toBe(0);
  expect(lines[`shop run/main/${idOf(arn)}`]).toEqual([String(uid)]);
});

test('a secret that is missing, or misses a key, ends the task before anything starts', async () => {
  const { run, reached, secrets, eventsOf } = await withEcs();
  const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf';
  const missing = await run([{ secrets: [{ name: 'X', valueFrom: secret }] }]);
  const task = await reached(missing, 'STOPPED');
  expect(task.stopCode).toBe('TaskFailedToStart');
  expect(task.stoppedReason).toMatch(
    /^ResourceInitializationError: unable to pull secrets .*find the specified secret\.$/,
  );
  expect(task.containers?.[0]).toMatchObject({ lastStatus: 'STOPPED', reason: task.stoppedReason });
  expect(task.containers?.[0]?.exitCode).toBeUndefined();
  expect(eventsOf(missing).map(({ lastStatus }) => lastStatus)).toEqual([
    'PROVISIONING',
    'PENDING',
    'DEPROVISIONING',
    'STOPPED',
  ]);
  secrets[secret] = '{}';
  const incomplete = await run([{ secrets: [{ name: 'X', valueFrom: `${secret}:password::` }] }]);
  expect((await reached(incomplete, 'STOPPED')).stoppedReason).toContain('did not contain json key password');
});

test('an unknown image and a command that is not there end a task that failed to start', async () => {
  const { run, reached, image } = await withEcs();
  const unknown = await run([{ image: `${image}0` }]);
  expect(await reached(unknown, 'STOPPED')).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(
      /^CannotPullContainerError: pull image manifest has been retried .*not found$/,
    ),
  });
  const command = await run([{ command: ['no-such-program'] }]);
  expect(await reached(command, 'STOPPED')).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/^CannotStartContainerError: .*"no-such-program": executable file not found/),
  });
});

test('StopTask sends SIGTERM, waits for an orderly end and says who asked', async () => {
  const { client, run, reached, lines } = await withEcs();
  const arn = await run([{ portMappings: [{ containerPort: 8080 }], logConfiguration: logged }]);
  await eventually('listening', () => lines[`shop run/main/${idOf(arn)}`]?.includes('listening'));
  const { task } = await client.send(new StopTaskCommand({ cluster: 'main', task: idOf(arn), reason: 'enough' }));
  expect(task).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough' });
  const stopped = await reached(arn, 'STOPPED');
  expect(stopped).toMatchObject({ stopCode: 'UserInitiated', containers: [{ exitCode: 0 }] });
  expect(lines[`shop run/main/${idOf(arn)}`]).toEqual(['listening', 'SIGTERM']);
  const again = await client.send(new StopTaskCommand({ cluster: 'main', task: arn }));
  expect(again.task?.stoppedReason).toBe('enough');
  await expect(client.send(new StopTaskCommand({ cluster: 'main', task: 'f'.repeat(32) }))).rejects.toThrow(
    'The referenced task was not found.',
  );
});

test('a process that ignores SIGTERM is killed when its stop timeout is over, and not before', async () => {
  const { client, run, reached, lines, world, describe } = await withEcs();
  const arn = await run([{ command: ['node', 'stubborn.mjs'], stopTimeout: 60, logConfiguration: logged }]);
  const said = () => lines[`shop run/main/${idOf(arn)}`] ?? [];
  await eventually('up', () => said().includes('tick'));
  await client.send(new StopTaskCommand({ cluster: 'main', task: arn }));
  await eventually('SIGTERM', () => said().includes('no'));
  await world.clock.advance(55_000);
  const before = said().length;
  await eventually('it still runs', () => said().length > before + 3);
  expect((await describe(arn)).lastStatus).toBe('STOPPING');
  await world.clock.advance(5_000);
  expect((await reached(arn, 'STOPPED')).containers?.[0]?.exitCode).toBe(137);
});

test('a task that is stopped before it starts never runs', async () => {
  const { client, run, reached, eventsOf } = await withEcs();
  const arn = await run([script('process.exitCode = 0')]);
  const early = client.send(new StopTaskCommand({ cluster: 'main', task: arn }));
  await early;
  const task = await reached(arn, 'STOPPED');
  const ran = eventsOf(arn).some(({ lastStatus }) => lastStatus === 'RUNNING');
  expect(task.containers?.[0]?.exitCode === undefined).toBe(!ran);
  expect(['UserInitiated', 'EssentialContainerExited']).toContain(task.stopCode);
});

test('the end of an essential container stops the others; the end of another one does not', async () => {
  const { run, reached, describe } = await withEcs();
  const arn = await run([
    script('setTimeout(() => process.exit(7), 400)'),
    { ...script('process.exit(1)'), essential: false },
    script('setInterval(() => {}, 1000)'),
  ]);
  await reached(arn, 'RUNNING');
  const task = await reached(arn, 'STOPPED');
  const codes = Object.fromEntries((task.containers ?? []).map(({ name, exitCode }) => [name, exitCode]));
  expect(codes).toEqual({ main: 7, c1: 1, c2: 143 });
  expect((await describe(arn)).stopCode).toBe('EssentialContainerExited');
});

test('a container waits for the success of the one it depends on', async () => {
  const { run, reached, lines } = await withEcs();
  const dependsOn = [{ containerName: 'c1', condition: 'SUCCESS' as const }];
  const first = { ...script('setTimeout(() => console.log("first"), 50)'), essential: false, logConfiguration: logged };
  const arn = await run([{ ...script('console.log("then")'), dependsOn, logConfiguration: logged }, first]);
  expect((await reached(arn, 'STOPPED')).containers).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
  expect(Object.keys(lines)).toEqual([`shop run/c1/${idOf(arn)}`, `shop run/main/${idOf(arn)}`]);
  const failing = { ...script('process.exit(4)'), essential: false };
  const failed = await reached(await run([{ ...script(''), dependsOn }, failing]), 'STOPPED');
  expect(failed).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringContaining('exited with code 4'),
  });
});

test('who waits for the start of another container is started after it, and never when it cannot be', async () => {
  const { run, reached } = await withEcs();
  const dependsOn = [{ containerName: 'c1', condition: 'START' as const }];
  const nothing = { command: ['no-such-program'] };
  const waits = script('setInterval(() => {}, 1000)');
  const before = await reached(
    await run([
      { ...nothing, dependsOn },
      { ...waits, essential: false },
    ]),
    'STOPPED',
  );
  expect(before.containers).toMatchObject([{ reason: expect.stringContaining('no-such-program') }, { exitCode: 143 }]);
  const after = await reached(
    await run([
      { ...waits, dependsOn },
      { ...nothing, essential: false },
    ]),
    'STOPPED',
  );
  expect(after).toMatchObject({ stopCode: 'TaskFailedToStart' });
  expect(after.containers?.[0]).not.toHaveProperty('exitCode');
});

test('a stand-in counts as started when it has said that it is up', async () => {
  const { run, reached, lines } = await withEcs();
  const dependsOn = [{ containerName: 'c1', condition: 'START' as const }];
  const sidecar = { image: 'ghcr.io/acme/sidecar:v1', essential: false, logConfiguration: logged };
  const arn = await run([{ ...script('console.log("then")'), dependsOn, logConfiguration: logged }, sidecar]);
  await reached(arn, 'STOPPED');
  expect(Object.keys(lines)).toEqual([`shop run/c1/${idOf(arn)}`, `shop run/main/${idOf(arn)}`]);
});

test('children of a process go with it', async () => {
  const { run, reached, lines } = await withEcs();
  const child = `import { spawn } from 'node:child_process';
    const { pid } = spawn('sleep', ['60'], { stdio: 'ignore' });
    console.log(pid);
    setTimeout(() => process.exit(0), 50);`;
  const arn = await run([{ ...script(child), logConfiguration: logged }]);
  await reached(arn, 'STOPPED');
  const pid = Number(lines[`shop run/main/${idOf(arn)}`]?.[0]);
  expect(pid).toBeGreaterThan(1);
  await eventually('the child is gone', () => !isAlive(pid));
});

test('nothing survives the stop of the part, not even what left its process group', async () => {
  const { run, ecs, lines, describe } = await withEcs();
  const child = `import { spawn } from 'node:child_process';
    console.log(process.pid, spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).pid);
    setInterval(() => {}, 1000);`;
  const arn = await run([{ ...script(child), logConfiguration: logged }]);
  const line = await eventually('pids', () => lines[`shop run/main/${idOf(arn)}`]?.[0]);
  await ecs.stop?.();
  const [own = 0, left = 0] = line.split(' ').map(Number);
  expect(isAlive(own)).toBe(false);
  if (process.platform === 'linux') expect(isAlive(left)).toBe(false);
  else process.kill(left);
  expect((await describe(arn)).lastStatus).toBe('RUNNING');
});

test('a stand-in answers on the ports of its task and never hides what it is', async () => {
  const { run, reached, describe, lines } = await withEcs();
  const container = { image: 'ghcr.io/acme/sidecar:v1', command: ['real-program'], logConfiguration: logged };
  const arn = await run([{ ...container, portMappings: [{ containerPort: 80 }] }]);
  await reached(arn, 'RUNNING');
  const port = (await describe(arn)).containers?.[0]?.networkBindings?.[0]?.hostPort;
  const stream = `shop run/main/${idOf(arn)}`;
  await eventually('listens', () => lines[stream]?.some((line) => line.includes('listens')));
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect([response.status, await response.text()]).toEqual([
    200,
    expect.stringContaining('stand-in for the image ghcr.io/acme/sidecar'),
  ]);
  expect(lines[stream]?.every((line) => line.startsWith('stand-in for ghcr.io/acme/sidecar: '))).toBe(true);
});

test('the same client token gives the same task, with other parameters a conflict that names it', async () => {
  const { client, register, reached, world } = await withEcs();
  const taskDefinition = await register([script('')]);
  const run = (startedBy: string) =>
    client.send(new RunTaskCommand({ cluster: 'main', taskDefinition, clientToken: 'token-1', startedBy }));
  const first = await run('token-1');
  const arn = first.tasks?.[0]?.taskArn ?? '';
  expect((await run('token-1')).tasks?.[0]?.taskArn).toBe(arn);
  await reached(arn, 'STOPPED');
  expect((await run('token-1')).tasks).toMatchObject([{ taskArn: arn, lastStatus: 'STOPPED' }]);
  const conflict = await run('another').catch((error: unknown) => error);
  expect(conflict).toBeInstanceOf(ConflictException);
  expect(conflict).toMatchObject({ resourceIds: [arn] });
  await world.clock.advance(25 * 3_600_000);
  expect((await run('token-1')).tasks?.[0]?.taskArn).not.toBe(arn);
});

test('without capacity RunTask fails in its answer, and the same token works once there is some', async () => {
  const { client, register, ecs, reached } = await withEcs();
  const taskDefinition = await register([script('')]);
  const command = new RunTaskCommand({ cluster: 'main', taskDefinition, clientToken: 'token-2' });
  ecs.faults.refuseCapacity();
  const refused = await client.send(command);
  expect(refused.tasks).toEqual([]);
  expect(refused.failures).toEqual([
    { arn: expect.stringContaining(':container-instance/main/'), reason: 'RESOURCE:MEMORY' },
  ]);
  ecs.faults.allowCapacity();
  const { tasks = [] } = await client.send(command);
  expect((await reached(tasks[0]?.taskArn ?? '', 'STOPPED')).containers?.[0]?.exitCode).toBe(0);
});

test('a Spot interruption stops a task with its own code', async () => {
  const { run, reached, ecs } = await withEcs();
  const arn = await run([script('setInterval(() => {}, 1000)')]);
  await reached(arn, 'RUNNING');
  ecs.faults.spotInterrupt(arn);
  expect(await reached(arn, 'STOPPED')).toMatchObject({
    stopCode: 'SpotInterruption',
    containers: [{ exitCode: 143 }],
  });
});

test('a stopped task is seen for an hour', async () => {
  const { client, run, reached, world } = await withEcs();
  const arn = await run([script('')]);
  await reached(arn, 'STOPPED');
  const seen = async () => {
    const { tasks, failures } = await client.send(new DescribeTasksCommand({ cluster: 'main', tasks: [arn] }));
    return [tasks?.length, failures?.[0]?.reason];
  };
  await world.clock.advance(59 * 60_000);
  expect(await seen()).toEqual([1, undefined]);
  await world.clock.advance(60_000);
  expect(await seen()).toEqual([0, 'MISSING']);
});

test('tasks are listed by what was asked for, page by page; a task told to stop counts as stopped', async () => {
  const { client, run, reached } = await withEcs();
  const waiting = script(
    "process.on('SIGTERM', () => setTimeout(() => process.exit(0), 200)); setInterval(() => {}, 1000)",
  );
  const arns = [];
  for (const startedBy of ['a', 'a', 'b']) arns.push(await run([waiting], { startedBy }));
  for (const arn of arns) await reached(arn, 'RUNNING');
  const list = async (more: object) => {
    const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster: 'main', ...more }));
    return taskArns.toSorted();
  };
  expect(await list({ startedBy: 'a' })).toEqual(arns.slice(0, 2).sort());
  expect(await list({ family: 'other' })).toEqual([]);
  const first = await client.send(new ListTasksCommand({ cluster: 'main', family: 'shop', maxResults: 2 }));
  const { nextToken } = first;
  const rest = await client.send(new ListTasksCommand({ cluster: 'main', family: 'shop', maxResults: 2, nextToken }));
  expect([...(first.taskArns ?? []), ...(rest.taskArns ?? [])].sort()).toEqual(arns.toSorted());
  expect(rest.nextToken).toBeUndefined();
  const [, , last = ''] = arns;
  await client.send(new StopTaskCommand({ cluster: 'main', task: last }));
  expect(await list({ desiredStatus: 'STOPPED' })).toEqual([last]);
  expect(await list({ startedBy: 'b' })).toEqual([]);
  await reached(last, 'STOPPED');
});

test('homes of tasks lie in the directory of the cloud and are gone after them', async () => {
  const { run, reached, lines, folder } = await withEcs();
  const arn = await run([{ command: ['node', 'print.mjs'], logConfiguration: logged }]);
  await reached(arn, 'STOPPED');
  const { HOME, TMPDIR } = JSON.parse(lines[`shop run/main/${idOf(arn)}`]?.[0] ?? '{}');
  expect([HOME, TMPDIR]).toEqual(Array(2).fill(join(folder.path, 'ecs', 'tasks', idOf(arn))));
  expect(existsSync(HOME)).toBe(false);
});
