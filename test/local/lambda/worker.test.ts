import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { standingClock } from '../../../infra/local/clock.ts';
import { eventually, resourceRequest } from '../test-world.ts';
import { type LambdaWorld, lambdaWorld } from './lambda-world.ts';

const open: LambdaWorld[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const started = async (...given: Parameters<typeof lambdaWorld>) => {
  const world = await lambdaWorld(...given);
  open.push(world);
  return world;
};

const MAIN = `
import { env } from 'node:process';
import { shared } from './chunk.mjs';
const atLoad = process.env.NAME;
let calls = 0;
export const handler = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0));
  console.log('hello from ' + process.env.NAME + '\\nsecond line');
  return { atLoad, shared, now: process.env.NAME, imported: env.NAME, keys: Object.keys(process.env),
    calls: ++calls, name: context.functionName, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis(), cwd: process.cwd() };
};
export const broken = async () => { throw new TypeError('no such thing'); };
export const exits = async () => process.exit(3);
export const hangs = () => new Promise(() => {});
export const rejects = async () => { Promise.reject(new Error('nobody waits')); await new Promise(() => {}); };
export const pid = async () => process.pid;
export const silent = async () => undefined;
export const text = 'not a function';
`;
const CHUNK = 'export const shared = process.env.NAME;';
const code = { 'main.mjs': MAIN, 'chunk.mjs': CHUNK };
const named = (NAME: string) => ({ Environment: { Variables: { NAME } } });
const parsed = async (world: LambdaWorld, name: string, payload = '{}') =>
  JSON.parse((await world.lambda.invoke(name, payload)).payload);

test('two functions of one bundle in one worker each see their own environment, at load and in every call', async () => {
  const world = await started('worker');
  world.asset('code', code);
  await world.make('one', named('1'));
  await world.make('two', named('2'));
  const [one, two, again] = await Promise.all([
    parsed(world, 'one', '{"wait":20}'),
    parsed(world, 'two', '{"wait":5}'),
    parsed(world, 'one', '{"wait":1}'),
  ]);
  expect(one).toMatchObject({ atLoad: '1', shared: '1', now: '1', imported: '1', name: 'one' });
  expect(two).toMatchObject({ atLoad: '2', shared: '2', now: '2', imported: '2', name: 'two' });
  expect([again.calls, one.calls, two.calls]).toEqual([1, 2, 1]);
  expect(one.keys).toEqual(expect.arrayContaining(['NAME', 'EXTRA', 'AWS_ENDPOINT_URL', 'AWS_LAMBDA_FUNCTION_NAME']));
  expect(one.keys).not.toContain('HOME');
  expect(one.left).toBeGreaterThan(0);
});

test('what a bundler split off and named after its content is loaded once, but not where it may read other files', async () => {
  const world = await started('worker');
  const split = {
    'main.mjs':
      "import { count } from './chunk-ABCDEFG2.mjs'; export const handler = async () => ({ count: count() });",
    'chunk-ABCDEFG2.mjs': 'let calls = 0; export const count = () => ++calls;',
  };
  world.asset('first', split);
  world.asset('second', split);
  world.asset('other', { ...split, 'beside.wasm': '' });
  await world.make('one', { Code: { S3Bucket: 'assets', S3Key: 'first' } });
  await world.make('two', { Code: { S3Bucket: 'assets', S3Key: 'second' } });
  await world.make('three', { Code: { S3Bucket: 'assets', S3Key: 'other' } });
  const counts: number[] = [];
  for (const name of ['one', 'two', 'three', 'one']) counts.push((await parsed(world, name)).count);
  expect(counts).toEqual([1, 2, 1, 3]);
});

test('SDK clients made at load speak with the role of their own function', async () => {
  const world = await started('worker');
  const entry = `import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
    const client = new STSClient({});
    export const handler = async () => (await client.send(new GetCallerIdentityCommand({}))).Arn;`;
  const { outputFiles } = buildSync({
    stdin: { contents: entry, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  world.asset('code', { 'main.mjs': outputFiles[0]?.text ?? '' });
  await world.make('one');
  await world.make('two');
  expect(await Promise.all([parsed(world, 'one'), parsed(world, 'two')])).toEqual([
    'arn:aws:sts::111122223333:assumed-role/one-role/one',
    'arn:aws:sts::111122223333:assumed-role/two-role/two',
  ]);
});

test('what a handler prints goes to the log group of its function, line by line', async () => {
  const world = await started('worker');
  world.asset('code', code);
  await world.make('one', named('1'));
  await world.make('two', named('2'));
  await Promise.all([parsed(world, 'one'), parsed(world, 'two')]);
  const of = (group: string) => world.logs.filter((entry) => entry.group === group).map((entry) => entry.line);
  expect(of('/aws/lambda/one')).toEqual(['hello from 1', 'second line']);
  expect(of('/aws/lambda/two')).toEqual(['hello from 2', 'second line']);
  expect(world.logs[0]?.stream).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
});

test('a changed environment gives a fresh instance of the code', async () => {
  const world = await started('worker');
  world.asset('code', code);
  const properties = { Handler: 'main.handler', Runtime: 'nodejs24.x', Code: { S3Bucket: 'assets', S3Key: 'code' } };
  await world.make('one', named('1'));
  await parsed(world, 'one');
  const Role = 'arn:aws:iam::111122223333:role/one-role';
  await world.lambda.resources?.['AWS::Lambda::Function']?.update({
    ...resourceRequest('AWS::Lambda::Function', 'one', { ...properties, Role, ...named('new') }),
    physicalId: 'one',
    previous: {},
  });
  expect(await parsed(world, 'one')).toMatchObject({ atLoad: 'new', shared: 'new', calls: 1 });
});

test.each([
  ['broken', 'TypeError', 'no such thing'],
  ['text', 'Runtime.HandlerNotFound', 'main.text is undefined or not exported'],
  ['missing', 'Runtime.HandlerNotFound', 'main.missing is undefined or not exported'],
  ['rejects', 'Runtime.UnhandledPromiseRejection', 'Error: nobody waits'],
])('a handler that fails (%s) answers with the error document of Lambda', async (name, errorType, errorMessage) => {
  const world = await started('worker');
  world.asset('code', code);
  await world.make('one', { Handler: `main.${name}` });
  const { payload, functionError } = await world.lambda.invoke('one', '{}');
  expect(functionError).toBe('Unhandled');
  expect(JSON.parse(payload)).toEqual({ errorType, errorMessage, trace: expect.any(Array) });
  expect(world.logs.at(-1)?.line).toContain(`\tERROR\tInvoke Error\t${payload}`);
});

test('a file that is missing from the asset, or that imports one, is a Runtime.ImportModuleError', async () => {
  const world = await started('worker');
  world.asset('code', { 'main.mjs': "import './absent.mjs'; export const handler = async () => 1;" });
  await world.make('absent', { Handler: 'other.handler' });
  await world.make('importing');
  for (const name of ['absent', 'importing'])
    expect(await parsed(world, name)).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
});

test('a handler that returns nothing answers null', async () => {
  const world = await started('worker');
  world.asset('code', code);
  await world.make('one', { Handler: 'main.silent' });
  expect(await world.lambda.invoke('one', '')).toMatchObject({ payload: 'null' });
});

test('a worker that exits ends its open calls as Runtime.ExitError and is started again', async () => {
  const world = await started('worker');
  world.asset('code', code);
  await world.make('exits', { Handler: 'main.exits' });
  await world.make('hangs', { Handler: 'main.hangs' });
  await world.make('fine', named('f'));
  const hanging = parsed(world, 'hangs');
  await eventually('the worker answers', () => parsed(world, 'fine'));
  const exit = { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/^RequestId: .* exit status 3$/) };
  expect(await parsed(world, 'exits')).toMatchObject(exit);
  expect(await hanging).toMatchObject(exit);
  expect(await parsed(world, 'fine')).toMatchObject({ now: 'f', calls: 1 });
});

test('a call ends at its timeout by the clock, and its process is not used again', async () => {
  const clock = standingClock(Date.parse('2026-09-01T00:00:00Z'));
  const world = await started('worker', { clock });
  world.asset('code', code);
  await world.make('hangs', { Handler: 'main.hangs', Timeout: 30 });
  await world.make('pid', { Handler: 'main.pid' });
  const before = await parsed(world, 'pid');
  const hanging = world.lambda.invoke('hangs', '{}');
  await clock.advance(30_000);
  expect(JSON.parse((await hanging).payload)).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 30\.00 seconds$/),
  });
  expect(await parsed(world, 'pid')).not.toBe(before);
  await eventually('the old worker has ended', () => isGone(before));
});

test("a handler's Date is the cloud's clock, and nothing else of time is", async () => {
  const clock = standingClock(Date.parse('2026-09-01T00:00:00Z'));
  const world = await started('worker', { clock });
  const times = `export const handler = async () => ({
    now: Date.now(), made: new Date().toISOString(), text: Date(), given: new Date(0).toISOString(), machine: performance.timeOrigin,
    isDate: new Date() instanceof Date && new Date(5).constructor === Date, parsed: Date.parse('2000-01-01T00:00:00Z') });`;
  world.asset('code', { 'main.mjs': times });
  await world.make('times');
  for (const hour of ['00', '05']) {
    const answer = await parsed(world, 'times');
    expect(answer.made).toMatch(new RegExp(`^2026-09-01T${hour}:00:`));
    expect(new Date(answer.now).toISOString().slice(0, 13)).toBe(`2026-09-01T${hour}`);
    expect(Date.parse(answer.text)).toBeGreaterThanOrEqual(clock.now());
    expect(answer).toMatchObject({ given: '1970-01-01T00:00:00.000Z', isDate: true, parsed: 946_684_800_000 });
    expect(Math.abs(answer.machine - Date.now())).toBeLessThan(60_000);
    await clock.advance(5 * 3_600_000);
  }
});

test('with a process for each function, killing one leaves the other at work', async () => {
  const world = await started('process');
  world.asset('code', code);
  await world.make('one', { Handler: 'main.hangs' });
  await world.make('two', { Handler: 'main.pid' });
  const pid = await parsed(world, 'two');
  const hanging = parsed(world, 'one');
  world.lambda.kill('one');
  expect(await hanging).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining('Runtime exited with error: signal: killed'),
  });
  expect(await parsed(world, 'two')).toBe(pid);
});

test('stopping leaves no process and fails open calls as the cloud, not as the function', async () => {
  const world = await started('worker');
  world.asset('code', code);
  await world.make('pid', { Handler: 'main.pid' });
  await world.make('hangs', { Handler: 'main.hangs' });
  const pid = await parsed(world, 'pid');
  const hanging = expect(world.lambda.invoke('hangs', '{}')).rejects.toThrow(
    'the embedded cloud stopped while hangs ran',
  );
  await world.lambda.stop?.();
  await hanging;
  expect(isGone(pid)).toBe(true);
  await expect(world.lambda.invoke('pid', '{}')).rejects.toThrow('stopped');
});

test('a worker ends when the cloud that started it is killed', async () => {
  const worker = fileURLToPath(new URL('../../../infra/local/lambda/worker.mjs', import.meta.url));
  const script = `const child = require('node:child_process').fork(${JSON.stringify(worker)}, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }); console.log(child.pid)`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(parent.stdout, 'data');
  const pid = Number(printed);
  expect(isGone(pid)).toBe(false);
  parent.kill('SIGKILL');
  await eventually('the worker has ended', () => isGone(pid));
});

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
