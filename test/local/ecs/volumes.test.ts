import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { create, eventually } from '../test-world.ts';
import { script } from './ecs-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const sockets = { volumes: [{ name: 'sockets' }] };
const mounted = (environment: Readonly<Record<string, string>> = {}): Partial<ContainerDefinition> => ({
  mountPoints: [{ sourceVolume: 'sockets', containerPath: '/sockets' }],
  environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
  logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'shop', 'awslogs-stream-prefix': 'run' } },
});

const LISTENS = `
  import { mkdirSync } from 'node:fs';
  import { createServer } from 'node:net';
  mkdirSync(process.env.FOLDER + '/deep');
  createServer((socket) => socket.end('hello')).listen(process.env.FOLDER + '/deep/socket');
`;
const ASKS = `
  import { connect } from 'node:net';
  const socket = decodeURIComponent(/host=([^&]*)/.exec(process.env.DSN)[1]);
  const ask = () => connect(socket)
    .on('error', () => setTimeout(ask, 20))
    .on('data', (text) => console.log(text.toString()))
    .on('close', (failed) => failed || console.log(socket));
  ask();
`;

test('the containers of a task share a folder of its own, which is gone after it', async () => {
  const { run, reached, lines } = await withEcs();
  const url = 'postgres://main@/main?host=%2Fsockets%2Fdeep%2Fsocket&sslmode=disable';
  const talker = { ...script(ASKS), ...mounted({ DSN: url }) };
  const listener = { ...script(LISTENS), ...mounted({ FOLDER: '/sockets' }), essential: false };
  const arn = await run([talker, listener], {}, sockets);
  expect((await reached(arn, 'STOPPED')).containers?.[0]?.exitCode).toBe(0);
  const [heard, socket = ''] = Object.values(lines)[0] ?? [];
  expect(heard).toBe('hello');
  expect(socket).toMatch(/\/deep\/socket$/);
  // unix(7): with its last byte the path has to fit into 108.
  expect(`${dirname(dirname(socket))}/postgres/.s.PGSQL.5432`.length).toBeLessThan(108);
  expect(existsSync(dirname(dirname(dirname(socket))))).toBe(false);
});

test('a volume belongs to the account that runs the containers and is closed to every other; two tasks have two', async () => {
  const own = process.getuid?.() ?? 0;
  const uid = own === 0 ? 65_534 : own;
  const gid = own === 0 ? 65_534 : (process.getgid?.() ?? 0);
  const { run, client, reached, lines } = await withEcs({ user: { uid, gid } });
  const waits = script(`
    import { writeFileSync } from 'node:fs';
    writeFileSync(process.env.FOLDER + '/mine', '');
    console.log(process.env.FOLDER);
    setInterval(() => {}, 1000);
  `);
  const arns = [];
  for (const _each of [1, 2]) arns.push(await run([{ ...waits, ...mounted({ FOLDER: '/sockets' }) }], {}, sockets));
  const folders = await eventually('both say where', () => {
    const said = Object.values(lines).flat();
    return said.length === 2 && said;
  });
  expect(new Set(folders).size).toBe(2);
  for (const folder of folders)
    for (const place of [folder, dirname(folder)])
      expect([statSync(place).uid, statSync(place).gid, statSync(place).mode & 0o777]).toEqual([uid, gid, 0o700]);
  for (const task of arns) {
    await client.send(new StopTaskCommand({ cluster: 'main', task }));
    await reached(task, 'STOPPED');
  }
  expect(folders.map((folder) => existsSync(dirname(folder)))).toEqual([false, false]);
});

test('a cloud that goes down in order takes the volumes of running tasks along', async () => {
  const { run, ecs, lines } = await withEcs();
  const waits = script('console.log(process.env.FOLDER); setInterval(() => {}, 1000)');
  await run([{ ...waits, ...mounted({ FOLDER: '/sockets' }) }], {}, sockets);
  const folder = await eventually('it says where', () => Object.values(lines)[0]?.[0]);
  expect(existsSync(folder)).toBe(true);
  await ecs.stop?.();
  expect(existsSync(dirname(folder))).toBe(false);
});

test('only who mounts a volume has its paths translated, and volumes of the machine stay where they are', async () => {
  const { run, reached, lines, folder } = await withEcs();
  const host = join(folder.path, 'host');
  mkdirSync(host);
  writeFileSync(join(host, 'kept'), '');
  const says = (more: Partial<ContainerDefinition>) => ({
    ...script('console.log(process.env.PLACE)'),
    ...mounted({ PLACE: '/sockets /host /efs' }),
    ...more,
  });
  const volumes = [
    ...sockets.volumes,
    { name: 'host', host: { sourcePath: host } },
    { name: 'efs', efsVolumeConfiguration: { fileSystemId: 'fs-1' } },
  ];
  const mountPoints = ['sockets', 'host', 'efs'].map((name) => ({ sourceVolume: name, containerPath: `/${name}` }));
  const alone = await run([says({ mountPoints: mountPoints.slice(1) })], {}, { volumes });
  await reached(alone, 'STOPPED');
  const all = await run([says({ mountPoints })], {}, { volumes });
  await reached(all, 'STOPPED');
  const [plain, translated] = Object.values(lines).flat();
  expect(plain).toBe('/sockets /host /efs');
  expect(translated).toMatch(/^\/.+\/0 \/host \/efs$/);
  expect(existsSync(join(host, 'kept'))).toBe(true);
});

test('a volume of a template is one as well', async () => {
  const { ecs, image, client, reached, lines } = await withEcs();
  const { physicalId } = await create(ecs, 'AWS::ECS::TaskDefinition', 'Task', {
    Volumes: [{ Name: 'sockets' }],
    ContainerDefinitions: [
      {
        Name: 'main',
        Image: image,
        Command: ['node', '--eval', 'console.log(process.env.PLACE)'],
        Environment: [{ Name: 'PLACE', Value: 'host=/sockets/postgres' }],
        MountPoints: [{ SourceVolume: 'sockets', ContainerPath: '/sockets' }],
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'shop' } },
      },
    ],
  });
  const { tasks } = await client.send(new RunTaskCommand({ cluster: 'main', taskDefinition: physicalId }));
  await reached(tasks?.[0]?.taskArn ?? '', 'STOPPED');
  expect(Object.values(lines)[0]?.[0]).toMatch(/^host=\/.+\/0\/postgres$/);
});

test.each([
  ['a volume that is not there', {}, {}, "Unknown volume 'sockets'."],
  ['a mount point without a path', { containerPath: undefined }, sockets, 'containerPath should not be null or empty'],
  ['a mount point without a volume', { sourceVolume: undefined }, sockets, "Unknown volume 'null'."],
  ['two volumes of one name', {}, { volumes: [{ name: 'sockets' }, { name: 'sockets' }] }, 'must be unique'],
  ['a volume without a name', {}, { volumes: [{ host: {} }] }, 'name should not be null or empty'],
  ['an empty path', {}, { volumes: [{ name: 'sockets', host: { sourcePath: '' } }] }, 'should not be blank'],
  [
    'a path of the machine on Fargate',
    {},
    { requiresCompatibilities: ['FARGATE'], volumes: [{ name: 'sockets', host: { sourcePath: '/x' } }] },
    'Fargate compatible task definitions do not support sourcePath',
  ],
])('a definition with %s is refused', async (_what, mountPoint, more, message) => {
  const { register } = await withEcs();
  const mountPoints = [{ sourceVolume: 'sockets', containerPath: '/sockets', ...mountPoint }];
  await expect(register([{ mountPoints }], more)).rejects.toMatchObject({
    name: 'ClientException',
    message: expect.stringContaining(message),
  });
});

test('what a definition says of volumes is given back as it came', async () => {
  const { client, register } = await withEcs();
  const arn = await register([mounted()], sockets);
  const { taskDefinition } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  expect(taskDefinition).toMatchObject({
    ...sockets,
    containerDefinitions: [{ mountPoints: [{ sourceVolume: 'sockets', containerPath: '/sockets' }] }],
  });
});
