import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { leapingClock, standingClock } from '../../../infra/local/clock.ts';
import { openStore, type Store } from '../../../infra/local/store.ts';
import { type Cloud, machine, openCloud, START, scratch, task, waitingTask } from './support/cloud.ts';

type Write = (store: Store) => void;

/** A store that remembers each write, so that what was on disk at any moment can be had again. */
const recorded = (writes: Write[]): Store => {
  const store = openStore();
  let together: Write[] | undefined;
  const note = (write: Write) => (together ?? writes).push(write);
  const recordedTable = <T>(name: string) => {
    const table = store.table<T>(name);
    return {
      ...table,
      put: (key: string, value: T) => {
        const copy = structuredClone(value);
        note((target) => target.table<T>(name).put(key, copy));
        table.put(key, value);
      },
      delete: (key: string) => {
        note((target) => target.table<T>(name).delete(key));
        table.delete(key);
      },
    };
  };
  return {
    close: () => store.close(),
    atomically: (run) => {
      const group: Write[] = [];
      together = group;
      const result = store.atomically(run);
      together = undefined;
      writes.push((target) => {
        for (const write of group) write(target);
      });
      return result;
    },
    table: recordedTable,
    remembered: recordedTable,
  };
};

const Retry = [{ ErrorEquals: ['Lambda.SdkClientException'], MaxAttempts: 9 }];
const definition = machine({
  First: task('double', { InputPath: '$.n', ResultPath: '$.n', Retry, Next: 'Both' }),
  Both: {
    Type: 'Parallel',
    Branches: [
      machine({ Wait: waitingTask('keep', { Retry, End: true }) }),
      machine({
        Each: {
          Type: 'Map',
          ItemsPath: '$.items',
          MaxConcurrency: 2,
          ItemProcessor: machine({
            Pause: { Type: 'Wait', Seconds: 5, Next: 'Work' },
            Work: task('double', { Retry, End: true }),
          }),
          End: true,
        },
      }),
    ],
    ResultPath: '$.both',
    Next: 'Which',
  },
  Which: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 42, Next: 'Done' }], Default: 'Wrong' },
  Done: { Type: 'Succeed' },
  Wrong: { Type: 'Fail' },
});
const expected = { n: 42, items: [1, 2, 3], both: ['answered', [2, 4, 6]] };

const functionsWith = (tokens: string[]) => ({
  double: (n: number) => n * 2,
  keep: ({ token }: { token: string }) => {
    tokens.push(token);
  },
});

/** Lets time pass and answers every token there is, until the execution is closed. */
const finish = async (cloud: Cloud, arn: string, tokens: readonly string[]) => {
  for (let round = 0; round < 60; round += 1) {
    await cloud.clock.advance(1000);
    for (const taskToken of tokens) {
      const answer = cloud.client.send(new SendTaskSuccessCommand({ taskToken, output: '"answered"' }));
      await answer.catch((error) => expect(error.name).toBe('TaskTimedOut'));
    }
    const described = await cloud.describe(arn);
    if (described.status !== 'RUNNING') return described;
  }
  throw new Error('it still runs after a minute');
};

test('after a crash at any write whatever, the execution goes on to its right end, with a history without gaps', async () => {
  const writes: Write[] = [];
  const tokens: string[] = [];
  let arn = '';
  {
    await using cloud = await openCloud({ store: recorded(writes), functions: functionsWith(tokens) });
    arn = await cloud.run(definition, { n: 21, items: [1, 2, 3] });
    expect((await finish(cloud, arn, tokens)).status).toBe('SUCCEEDED');
  }
  const firstTokens = [...tokens];
  let resumed = 0;
  for (let crash = 0; crash < writes.length; crash += 1) {
    const store = openStore();
    for (const write of writes.slice(0, crash)) write(store);
    const all = [...firstTokens];
    await using cloud = await openCloud({ store, functions: functionsWith(all), clock: standingClock(START + 3_000) });
    const isThere = await cloud.describe(arn).then(
      () => true,
      (error) => error.name === 'ExecutionDoesNotExist' && false,
    );
    if (!isThere) continue; // it crashed before the start was answered: nobody was promised anything
    resumed += 1;
    const ended = await finish(cloud, arn, all);
    expect([ended.status, JSON.parse(ended.output ?? 'null')]).toEqual(['SUCCEEDED', expected]);
    const events = await cloud.history(arn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.every(({ id = 0, previousEventId = 0 }) => previousEventId < id)).toBe(true);
    expect(cloud.logged).toEqual([]);
  }
  expect(resumed).toBeGreaterThan(10);
});

test('a process that is killed loses nothing that its store held', async () => {
  const { file, ...disposable } = scratch();
  using _ = disposable;
  const victim = fileURLToPath(new URL('support/victim.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', victim, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { arn, token } = JSON.parse(String(line));
  child.kill('SIGKILL');
  await once(child, 'exit');

  await using cloud = await openCloud({ file, clock: leapingClock() });
  expect((await cloud.describe(arn)).status).toBe('RUNNING');
  await cloud.client.send(new SendTaskSuccessCommand({ taskToken: token, output: '"answered"' }));
  await cloud.clock.advance(3_600_000);
  expect(await cloud.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["answered","waited","rescued"]' });
});
