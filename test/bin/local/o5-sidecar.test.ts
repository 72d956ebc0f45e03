import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { AwsV4Signer } from 'aws4fetch';
import { type EcsWorld, ecsWorld, script } from '../../local/ecs/ecs-world.ts';
import { fakePostgres, startupMessage } from '../../local/ecs/fake-postgres.ts';
import { create, eventually } from '../../local/test-world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const SIDECAR = 'ghcr.io/pentops/o5-runtime-sidecar:v1';
const logConfiguration = { logDriver: 'awslogs' as const, options: { 'awslogs-group': 'shop' } };
const mountPoints = [{ sourceVolume: 'sockets', containerPath: '/sockets' }];
const variables = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** Logs in over the socket as `main`, says `ping`, and tells in hex what it heard. */
const MIGRATES = script(`
  import { connect } from 'node:net';
  const startup = Buffer.from('user\\0main\\0database\\0main\\0\\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(startup.length + 8);
  head.writeInt32BE(196608, 4);
  const socket = connect(new URLSearchParams(process.env.DATABASE_URL.split('?')[1]).get('host') + '/.s.PGSQL.5432');
  socket.write(Buffer.concat([head, startup]));
  socket.once('data', () => socket.write('ping'));
  socket.on('data', (bytes) => {
    const text = bytes.toString('latin1').replaceAll('\\0', '');
    console.log(text);
    if (text.includes('ping')) socket.end();
  });
`);

/** A migration task with its sidecar, in front of a server that answers like this. */
const migrating = async (
  world: EcsWorld,
  server: { readonly port: number },
  more: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const role = await create(world.iam, 'AWS::IAM::Role', 'Role', {
    RoleName: 'migrator',
    AssumeRolePolicyDocument: {
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } },
    },
  });
  const main = {
    ...MIGRATES,
    mountPoints,
    logConfiguration,
    dependsOn: [{ containerName: 'o5_runtime', condition: 'START' as const }],
    environment: variables({ DATABASE_URL: 'postgres://main@/main?host=/sockets/postgres&sslmode=disable' }),
  };
  const sidecar = {
    name: 'o5_runtime',
    image: SIDECAR,
    essential: false,
    mountPoints,
    logConfiguration,
    environment: variables({
      POSTGRES_IAM_PROXY: 'MAIN',
      POSTGRES_PROXY_BIND: '/sockets/postgres/.s.PGSQL.5432',
      DB_CREDS_MAIN: login(server.port, 'prod_shop_main'),
      ...more,
    }),
  };
  return world.run([main, sidecar], {}, { taskRoleArn: role.attributes['Arn'], volumes: [{ name: 'sockets' }] });
};

const login = (port: number, dbName: string) =>
  JSON.stringify({ endpoint: `127.0.0.1:${port}`, dbName, dbUser: `${dbName}_migrate` });

const prepared = async (...answer: Parameters<typeof fakePostgres>) => {
  const world = await ecsWorld({ judgesRoles: true });
  open.push(world);
  const server = await fakePostgres(...answer);
  open.push(server);
  return { world, server };
};
const idOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

test('a migration logs in through the socket with a token of the role of its task, and the task ends with it', async () => {
  const { world, server } = await prepared();
  const arn = await migrating(world, server);
  const { containers } = await world.reached(arn, 'STOPPED');
  expect(containers).toMatchObject([
    { name: 'main', exitCode: 0 },
    { name: 'o5_runtime', exitCode: 0 },
  ]);
  expect(world.lines[`shop main/${idOf(arn)}`]?.join('')).toContain('ping');
  expect(server.logins).toMatchObject([{ user: 'prod_shop_main_migrate', database: 'prod_shop_main' }]);

  const token = new URL(`https://${server.logins[0]?.password}`);
  const { accessKeyId, secretAccessKey, sessionToken } = world.iam.credentialsFor(
    'arn:aws:iam::111122223333:role/migrator',
    idOf(arn),
  );
  const query = 'Action=connect&DBUser=prod_shop_main_migrate&X-Amz-Expires=900';
  const signed = await new AwsV4Signer({
    url: `https://127.0.0.1:${server.port}/?${query}`,
    ...{ accessKeyId, secretAccessKey, sessionToken },
    ...{ service: 'rds-db', region: 'eu-central-1', signQuery: true },
    datetime: token.searchParams.get('X-Amz-Date') ?? '',
  }).sign();
  expect(Object.fromEntries(token.searchParams)).toEqual(Object.fromEntries(signed.url.searchParams));
  expect(Object.values(world.lines).flat().join('\n')).not.toContain(token.searchParams.get('X-Amz-Signature'));
});

test('what the server says against a login reaches the client', async () => {
  const { world, server } = await prepared('refuses');
  const arn = await migrating(world, server);
  await world.reached(arn, 'STOPPED');
  expect(world.lines[`shop main/${idOf(arn)}`]?.join('')).toContain(
    'C28000MPAM authentication failed for user "prod_shop_main_migrate"',
  );
});

test('a login that needs a password, and a server that is not there, are said to the client and in the log', async () => {
  const { world, server } = await prepared('asks for a hash');
  const arn = await migrating(world, server);
  await world.reached(arn, 'STOPPED');
  const why = 'prod_shop_main_migrate is no login by IAM: the server asks for a password';
  expect(world.lines[`shop main/${idOf(arn)}`]?.join('')).toContain(why);
  expect(world.lines[`shop o5_runtime/${idOf(arn)}`]?.join('\n')).toContain(why);

  const nobody = await fakePostgres();
  await nobody.close();
  const failed = await migrating(world, nobody);
  await world.reached(failed, 'STOPPED');
  expect(world.lines[`shop main/${idOf(failed)}`]?.join('')).toContain('ECONNREFUSED');
  expect(world.lines[`shop o5_runtime/${idOf(failed)}`]?.filter((line) => line.includes('REFUSED'))).toHaveLength(1);
});

/** A sidecar that runs on its own, and what it answers to a first message. */
const listening = async (more: Readonly<Record<string, string>>) => {
  const { world, server } = await prepared();
  const telling = script('console.log(process.env.BIND); setInterval(() => {}, 1000)');
  const environment = variables({ BIND: '/sockets/postgres/.s.PGSQL.5432' });
  const arn = await world.run(
    [
      { ...telling, mountPoints, logConfiguration, environment },
      {
        name: 'o5_runtime',
        image: SIDECAR,
        mountPoints,
        logConfiguration,
        environment: variables({
          POSTGRES_IAM_PROXY: 'MAIN,ORDERS_2,OLD',
          POSTGRES_PROXY_BIND: '/sockets/postgres/.s.PGSQL.5432',
          DB_CREDS_MAIN: login(server.port, 'prod_shop_main'),
          DB_CREDS_ORDERS_2: login(server.port, 'prod_shop_orders2'),
          DB_CREDS_OLD: 'postgres://u:p@h/d',
          ...more,
        }),
      },
    ],
    {},
    { volumes: [{ name: 'sockets' }] },
  );
  await world.reached(arn, 'RUNNING');
  const path = await eventually('it says where', () => world.lines[`shop main/${idOf(arn)}`]?.[0]);
  const answerTo = async (first: Buffer): Promise<string> => {
    const socket = connect(path);
    const heard: Buffer[] = [];
    socket.on('data', (bytes) => heard.push(bytes)).write(first);
    await once(socket, 'close');
    return Buffer.concat(heard).toString('latin1').replaceAll('\0', '|');
  };
  return { said: () => world.lines[`shop o5_runtime/${idOf(arn)}`] ?? [], answerTo };
};

test('what the sidecar does not take is refused in the words of PostgreSQL, and it goes on', async () => {
  const { answerTo, said } = await listening({});
  const main = { user: 'main', database: 'main' };
  expect(await answerTo(startupMessage({}, 80_877_103))).toMatch(/^E.*FATAL\|.*Mssl connections are not supported\|/);
  expect(await answerTo(startupMessage({ user: 'main', database: 'other' }))).toContain('Mdatabase other not found|');
  expect(await answerTo(startupMessage({ user: 'MAIN' }))).toContain('Mdatabase MAIN not found|');
  expect(await answerTo(startupMessage({ user: 'old' }))).toContain('Mdatabase old not found|');
  expect(await answerTo(startupMessage({ ...main, options: '-c x=1' }))).toContain('Moptions is not supported|');
  expect(await answerTo(startupMessage({ ...main, replication: 'true' }))).toContain('Mreplication is not supported|');
  expect(await answerTo(startupMessage({ database: 'main' }))).toContain('Mno user in startup message|');
  expect(await answerTo(startupMessage(main, 131_072))).toContain('Mprotocol 2.0 is not supported|');
  expect(await answerTo(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toContain('not how PostgreSQL is spoken to|');
  expect(await answerTo(startupMessage(main))).toContain('Mthe task has no role to log in with|');
  expect(await answerTo(startupMessage({ user: 'orders_2' }))).toContain('Mthe task has no role to log in with|');
  expect(said().join('\n')).toContain('listens on');
  expect(said().join('\n')).toContain('for PostgreSQL: main, orders_2');
  expect(said().join('\n')).toContain('knows no login by IAM in DB_CREDS_OLD');
  expect(said().join('\n')).not.toContain('u:p@h');
});

test('databases are found under the names that the real sidecar gives them', async () => {
  const { answerTo, said } = await listening({ POSTGRES_IAM_PROXY: 'ORDERS2' });
  expect(said().join('\n')).toContain('for PostgreSQL: orders_2');
  expect(await answerTo(startupMessage({ user: 'orders2' }))).toContain('Mdatabase orders2 not found|');
});
