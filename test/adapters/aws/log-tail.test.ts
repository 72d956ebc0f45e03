import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudWatchLogTail } from '../../../functions/adapters/aws/log-tail.ts';
import { createLogs } from '../../../infra/local/logs/logs.ts';
import { testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const started = async (grants: Record<string, string[]> = {}, key = 'operator') => {
  const logs = createLogs(testWorld());
  const front = await onWire(logs, grants);
  cleanups.push(() => front.close());
  return { logs, tail: cloudWatchLogTail(new CloudWatchLogsClient(clientOptions(front, key))) };
};
const PLACE = { container: 'migrate', logGroup: 'ecs/prod/shop/migrate', region: 'eu-central-1' };
const TASK = 'arn:aws:ecs:eu-central-1:111122223333:task/main/4a84cc';
const STREAM = 'migrate/migrate/4a84cc';

test('the last lines come in the order in which they were written', async () => {
  const { logs, tail } = await started();
  logs.appendLog(
    PLACE.logGroup,
    STREAM,
    Array.from({ length: 30 }, (_, index) => `line ${index}\r\n`),
  );
  expect(await tail(PLACE, TASK, 3)).toEqual(['line 27', 'line 28', 'line 29']);
  expect(await tail(PLACE, TASK, 50)).toHaveLength(30);
});

test('a container that never ran has no log, neither has one whose group is missing', async () => {
  const { logs, tail } = await started();
  expect(await tail(PLACE, TASK, 3)).toEqual([]);
  logs.appendLog(PLACE.logGroup, 'migrate/migrate/other', ['x']);
  expect(await tail(PLACE, TASK, 3)).toEqual([]);
});

test('a refusal for want of permission is thrown', async () => {
  const { tail } = await started({ nobody: [] }, 'nobody');
  await expect(tail(PLACE, TASK, 3)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('short and empty pages are followed backwards to the lines that were asked for', async () => {
  const client = new CloudWatchLogsClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const events = (...lines: string[]) => lines.map((message) => ({ message }));
  mock
    .on(GetLogEventsCommand)
    .resolvesOnce({ events: [], nextBackwardToken: 'b/1' })
    .resolvesOnce({ events: events('c', 'd'), nextBackwardToken: 'b/2' })
    .resolvesOnce({ events: events('b'), nextBackwardToken: 'b/3' })
    .rejects(new Error('asked for more than was wanted'));
  expect(await cloudWatchLogTail(client)(PLACE, TASK, 3)).toEqual(['b', 'c', 'd']);
  expect(mock.commandCalls(GetLogEventsCommand).map(({ args }) => args[0].input.nextToken)).toEqual([
    undefined,
    'b/1',
    'b/2',
  ]);
});

test('the beginning of the stream ends the reading', async () => {
  const client = new CloudWatchLogsClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  mock.on(GetLogEventsCommand).resolves({ events: [], nextBackwardToken: 'b/1' });
  expect(await cloudWatchLogTail(client)(PLACE, TASK, 3)).toEqual([]);
  expect(mock.commandCalls(GetLogEventsCommand)).toHaveLength(2);
});
