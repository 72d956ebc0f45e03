import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { standingClock } from '../../../infra/local/clock.ts';
import { createLogs } from '../../../infra/local/logs/logs.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';
import { create, resourceRequest, testWorld } from '../test-world.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const GROUP = '/ecs/shop';

const started = async (grants: Record<string, string[]> = {}) => {
  const world = testWorld({ clock: standingClock(1_000) });
  const part = createLogs(world);
  const front = await onWire(part, grants);
  cleanups.push(() => front.close());
  const clientAs = (accessKeyId?: string) => {
    const made = new CloudWatchLogsClient(clientOptions(front, accessKeyId));
    cleanups.push(() => made.destroy());
    return made;
  };
  const client = clientAs();
  const read = (more: object = {}) =>
    client.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 's', ...more }));
  return { world, part, client, clientAs, read };
};

const messages = ({ events = [] }: { events?: { message?: string | undefined }[] | undefined }) =>
  events.map(({ message }) => message);

test('events that are put are read back with their times', async () => {
  const { client, read } = await started();
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: 's' }));
  const logEvents = [
    { timestamp: 5, message: 'one' },
    { timestamp: 7, message: 'two' },
  ];
  await client.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName: 's', logEvents }));
  const { events } = await read({ startFromHead: true });
  expect(events).toEqual(logEvents.map((event) => ({ ...event, ingestionTime: 1_000 })));
  expect(messages(await read({ startTime: 6 }))).toEqual(['two']);
  expect(messages(await read({ endTime: 7 }))).toEqual(['one']);
  const unordered = new PutLogEventsCommand({
    logGroupName: GROUP,
    logStreamName: 's',
    logEvents: logEvents.reverse(),
  });
  await expect(client.send(unordered)).rejects.toThrow('must be in chronological order');
});

test('lines that a process writes make their group and stream', async () => {
  const { part, read, world } = await started();
  part.appendLog(GROUP, 's', ['a', 'b']);
  await world.clock.advance(500);
  part.appendLog(GROUP, 's', ['c']);
  const { events } = await read({ startFromHead: true });
  expect(events?.map(({ message, timestamp }) => `${timestamp} ${message}`)).toEqual(['1000 a', '1000 b', '1500 c']);
});

test('following the forward token from the head reads every line once, whatever the pages and the writes', async () => {
  const { part, read } = await started();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      async (writes, limit) => {
        const logStreamName = `s${Math.random()}`;
        part.appendLog(GROUP, logStreamName, ['first']);
        const wanted = ['first'];
        const seen: (string | undefined)[] = [];
        let nextToken: string | undefined;
        const readOn = async () => {
          for (;;) {
            const page = await read({ logStreamName, limit, startFromHead: true, nextToken });
            seen.push(...messages(page));
            if (page.nextForwardToken === nextToken) return;
            nextToken = page.nextForwardToken;
          }
        };
        for (const [index, size] of writes.entries()) {
          const lines = Array.from({ length: size }, (_, line) => `${index}.${line}`);
          part.appendLog(GROUP, logStreamName, lines);
          wanted.push(...lines);
          await readOn();
        }
        await readOn();
        expect(seen).toEqual(wanted);
      },
    ),
    { numRuns: 15 },
  );
});

test('without startFromHead the last lines come first, and the backward token leads to those before', async () => {
  const { part, read } = await started();
  part.appendLog(GROUP, 's', ['a', 'b', 'c', 'd', 'e']);
  const last = await read({ limit: 2 });
  expect(messages(last)).toEqual(['d', 'e']);
  const before = await read({ limit: 2, nextToken: last.nextBackwardToken });
  expect(messages(before)).toEqual(['b', 'c']);
  expect(messages(await read({ limit: 9, nextToken: before.nextBackwardToken }))).toEqual(['a']);
  await expect(read({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('a stream keeps its last ten thousand lines and forgets older ones', async () => {
  const { part, read } = await started();
  const lines = (from: number, count: number) => Array.from({ length: count }, (_, index) => `${from + index}`);
  part.appendLog(GROUP, 's', lines(0, 5_500));
  part.appendLog(GROUP, 's', lines(5_500, 7_000));
  const kept = messages(await read({ startFromHead: true }));
  expect(kept).toHaveLength(10_000);
  const all = [
    ...kept,
    ...messages(await read({ startFromHead: true, nextToken: (await read({ startFromHead: true })).nextForwardToken })),
  ];
  expect(all.at(-1)).toBe('12499');
  expect(Number(all[0])).toBeGreaterThanOrEqual(1_500);
  expect(all.map(Number)).toEqual(lines(Number(all[0]), all.length).map(Number));
});

test('lines are found by terms across streams, in the order of time', async () => {
  const { part, client, world } = await started();
  part.appendLog(GROUP, 'b', ['ERROR disk full', 'ok']);
  await world.clock.advance(1);
  part.appendLog(GROUP, 'a', ['ERROR cpu', 'WARN disk full']);
  const find = async (filterPattern: string, more: object = {}) =>
    messages(await client.send(new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern, ...more })));
  expect(await find('ERROR')).toEqual(['ERROR disk full', 'ERROR cpu']);
  expect(await find('"disk full" -WARN')).toEqual(['ERROR disk full']);
  expect(await find('?cpu ?ok')).toEqual(['ok', 'ERROR cpu']);
  expect(await find('ERROR', { logStreamNames: ['a'] })).toEqual(['ERROR cpu']);
  await expect(find('{ $.level = "x" }')).rejects.toThrow('Only terms can be searched for here');
});

test('groups and streams are described, made once, and missing ones named', async () => {
  const { client, part, read } = await started();
  await expect(read()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await expect(client.send(new CreateLogGroupCommand({ logGroupName: GROUP }))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  });
  await expect(read()).rejects.toThrow('The specified log stream does not exist.');
  await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 30 }));
  await expect(
    client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 31 })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  part.appendLog(GROUP, 'web/1', ['x']);
  part.appendLog(GROUP, 'web/2', ['x']);
  part.appendLog(`${GROUP}2`, 'other', ['x']);
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs/' }));
  expect(logGroups?.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual([
    [GROUP, 30],
    [`${GROUP}2`, undefined],
  ]);
  const streams = async (more: object) =>
    (await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, ...more }))).logStreams?.map(
      ({ logStreamName }) => logStreamName,
    );
  expect(await streams({ descending: true })).toEqual(['web/2', 'web/1']);
  expect(await streams({ logStreamNamePrefix: 'web/1' })).toEqual(['web/1']);
  await client.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
  await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  part.appendLog(GROUP, 's', ['new']);
  expect(messages(await read())).toEqual(['new']);
});

test('a role writes only to streams that its policy names', async () => {
  const arn = `arn:aws:logs:eu-central-1:111122223333:log-group:${GROUP}:log-stream:`;
  const { clientAs, part } = await started({
    writer: [`logs:CreateLogStream ${arn}mine`, `logs:PutLogEvents ${arn}mine`],
  });
  part.appendLog(GROUP, 'other', ['x']);
  const place = { logGroupName: GROUP, logStreamName: 'mine' };
  const logEvents = [{ timestamp: 1, message: 'x' }];
  await clientAs('writer').send(new CreateLogStreamCommand(place));
  await clientAs('writer').send(new PutLogEventsCommand({ ...place, logEvents }));
  const elsewhere = new PutLogEventsCommand({ ...place, logStreamName: 'other', logEvents });
  await expect(clientAs('writer').send(elsewhere)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a log group of a template is named, kept for its days, and deleted with its lines', async () => {
  const { part, client } = await started();
  const TYPE = 'AWS::Logs::LogGroup';
  const made = await create(part, TYPE, 'Log', { LogGroupName: GROUP, RetentionInDays: '14' });
  expect(made).toEqual({
    physicalId: GROUP,
    attributes: { Arn: `arn:aws:logs:eu-central-1:111122223333:log-group:${GROUP}:*` },
  });
  await expect(create(part, TYPE, 'Other', { LogGroupName: GROUP })).rejects.toThrow('already exists');
  expect((await create(part, TYPE, 'Unnamed', {})).physicalId).toMatch(/^shop-Unnamed-\w{12}$/);
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }));
  expect(logGroups?.[0]?.retentionInDays).toBe(14);
  await part.resources?.[TYPE]?.delete({ ...resourceRequest(TYPE, 'Log', {}), physicalId: GROUP });
  expect((await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }))).logGroups).toEqual([]);
});
