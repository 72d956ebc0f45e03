import { expect, test } from '@jest/globals';
import type { ContainerDefinition } from '../../../infra/local/ecs/ecs-records.ts';
import { neighboursOf } from '../../../infra/local/ecs/neighbours.ts';
import { until } from '../../support/until.ts';
import { eventually } from '../test-world.ts';
import { script } from './ecs-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const container = (name: string, more: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  ...{ name, image: 'shop', essential: true },
  ...more,
});
const told = (...values: string[]) => values.map((value, index) => ({ name: `V${index}`, value }));
const hostPortOf = (_name: string, port: number) => 20_000 + port;

test.each([
  ['main:80', '127.0.0.1:20080'],
  ['http://main:80/path', '127.0.0.1:20080'],
  ['main:80,web:8080', '127.0.0.1:20080,127.0.0.1:28080'],
  ['other:80', 'other:80'],
  ['domain:80', 'domain:80'],
  ['www.main:80', 'www.main:80'],
  ['main', 'main'],
  [':80', ':80'],
])('on a bridge a linked container has its address translated, and nothing else is: %s', (text, translated) => {
  const definitions = [container('main'), container('other'), container('sidecar', { links: ['main', 'main:web'] })];
  const { translate } = neighboursOf(definitions, 'bridge');
  expect(translate('sidecar', text, hostPortOf).replace(/^http:..|.path$/g, '')).toBe(translated);
  expect(translate('other', text, hostPortOf)).toBe(text);
});

test('a port that only a neighbour names is one of the container, also when nobody maps it', () => {
  const definitions = [
    container('main', { portMappings: [{ containerPort: 8081 }] }),
    container('sidecar', { links: ['main:main'], environment: told('main:8080,main:8081', 'main:8080') }),
  ];
  expect(neighboursOf(definitions, undefined).portsOf('main')).toEqual([8080, 8081]);
  expect(neighboursOf(definitions, undefined).portsOf('sidecar')).toEqual([]);
});

test('with an interface of its own, localhost is the container that maps the port, else the first other one', () => {
  const definitions = [
    container('main', { environment: told('http://localhost:8081') }),
    container('jobs', { portMappings: [{ containerPort: 9000 }] }),
    container('sidecar', { environment: told('localhost:8080,localhost:9000') }),
  ];
  const { translate, portsOf } = neighboursOf(definitions, 'awsvpc');
  expect(definitions.map(({ name }) => portsOf(name))).toEqual([[8080], [8081, 9000], []]);
  const named = (owner: string, port: number) => ['', 'main', 'jobs', 'sidecar'].indexOf(owner) * 10_000 + port;
  expect(translate('sidecar', 'localhost:8080,localhost:9000', named)).toBe('127.0.0.1:18080,127.0.0.1:29000');
});

test('the stand-in of the sidecar passes requests on to the container that it is linked to, and containers reach it', async () => {
  const world = await withEcs();
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': 'shop', 'awslogs-stream-prefix': 'run' },
  };
  const adapter = 'http://o5_runtime:8081';
  const arn = await world.run([
    { environment: [{ name: 'VERSION', value: 'v1' }] },
    {
      name: 'o5_runtime',
      image: 'ghcr.io/pentops/o5-runtime-sidecar:v1',
      links: ['main:main'],
      environment: [
        { name: 'SERVICE_ENDPOINT', value: 'main:8080' },
        { name: 'PUBLIC_ADDR', value: ':8888' },
        { name: 'ADAPTER_ADDR', value: ':8081' },
      ],
      portMappings: [{ containerPort: 8888 }],
    },
    {
      ...script(`
        const ask = () => fetch(process.env.O5_ADAPTER).then(({ status }) => console.log('adapter', status), () => setTimeout(ask, 20));
        await ask();
        setInterval(() => {}, 60_000);
      `),
      name: 'worker',
      links: ['o5_runtime'],
      environment: [{ name: 'O5_ADAPTER', value: adapter }],
      logConfiguration,
    },
  ]);
  await world.reached(arn, 'RUNNING');
  const { containers = [] } = await world.describe(arn);
  // What only neighbours use is nobody else's to see.
  expect(containers.map(({ networkBindings }) => networkBindings?.map((each) => each.containerPort))).toEqual([
    [],
    [8888],
    [],
  ]);
  const port = containers[1]?.networkBindings?.[0]?.hostPort;
  const answered = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    return response?.ok ? response.text() : undefined;
  };
  expect(await until('the application answers', () => answered('/orders?id=1'))).toBe('v1');
  expect(await answered('/healthz')).toBe('');
  await eventually('the adapter answers', () => Object.values(world.lines).flat().includes('adapter 200'));
});
