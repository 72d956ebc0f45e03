import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from '@jest/globals';
import { type MovableClock, standingClock } from '../../../infra/local/clock.ts';
import type { BusEvent } from '../../../infra/local/events/bus-event.ts';
import { createEvents, type EventsOptions } from '../../../infra/local/events/events.ts';
import type { Fault } from '../../../infra/local/events/faults.ts';
import type { Invocation } from '../../../infra/local/function.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { openStore, type Store } from '../../../infra/local/store.ts';
import { AwsError } from '../../../infra/local/wire/service.ts';
import { create, resourceRequest, startedFront, testWorld } from '../test-world.ts';

const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:hint';
const MINUTE = 60_000;
const START = Date.parse('2026-09-01T00:00:00Z');
const FAILED: Invocation = { payload: '{"errorType":"Error"}', functionError: 'Unhandled' };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Seen {
  readonly arn: string;
  readonly event: BusEvent;
  readonly atSeconds: number;
}

interface Given extends Partial<EventsOptions> {
  readonly store?: Store;
  readonly clock?: MovableClock;
  /** What the function answers, call by call; the last one stays. */
  readonly answers?: readonly (Invocation | Error)[];
}

const started = async ({
  store,
  clock = standingClock(START),
  answers = [{ payload: 'null' }],
  ...options
}: Given = {}) => {
  const world = testWorld({ clock, ...(store && { store }) });
  const seen: Seen[] = [];
  const iam = createIam(world);
  const events = createEvents(world, {
    allowed: () => true,
    authorizeRole: iam.authorizeRole,
    invoke: async (arn, payload) => {
      const answer = answers[Math.min(seen.length, answers.length - 1)] ?? FAILED;
      seen.push({ arn, event: JSON.parse(payload), atSeconds: (clock.now() - START) / 1000 });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  await events.start?.();
  const front = await startedFront(iam, [events]);
  const client = new EventBridgeClient(front.operator);
  const close = async () => {
    await events.stop?.();
    client.destroy();
    await front.close();
  };
  open.push({ close });
  return { world, clock, events, iam, front, client, seen, numbers: () => seen.map(({ event }) => numberOf(event)) };
};
type Started = Awaited<ReturnType<typeof started>>;

const numberOf = (event: BusEvent) => (event.detail as { readonly n?: number }).n;
const numbered = (n: number) => ({ source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail: { n } });
const rule = ({ events }: Started, properties: object = {}, name = 'hint') =>
  create(events, 'AWS::Events::Rule', name, {
    Name: name,
    EventPattern: { source: ['aws.ecs'] },
    Targets: [{ Id: 'function', Arn: FUNCTION }],
    ...properties,
  });

test('an emitted event reaches the function of every rule it fits, with what the bus adds', async () => {
  const world = await started();
  expect(await rule(world)).toEqual({
    physicalId: 'hint',
    attributes: { Arn: 'arn:aws:events:eu-central-1:111122223333:rule/hint' },
  });
  await rule(world, { EventPattern: { source: ['other'] } }, 'no');
  await rule(world, { State: 'DISABLED' }, 'off');
  world.events.emit({ ...numbered(1), resources: ['arn:task'] });
  expect(world.seen).toEqual([]);
  await world.clock.advance(1);
  expect(world.seen).toEqual([
    {
      arn: FUNCTION,
      atSeconds: 0,
      event: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        account: '111122223333',
        region: 'eu-central-1',
        time: '2026-09-01T00:00:00Z',
        resources: ['arn:task'],
        ...numbered(1),
      },
    },
  ]);
});

test('PutRule, PutTargets and PutEvents over the wire do the same', async () => {
  const { client, clock, seen } = await started();
  const { RuleArn } = await client.send(
    new PutRuleCommand({ Name: 'own', EventPattern: '{"source":["slipway"]}', Description: 'd' }),
  );
  await client.send(
    new PutTargetsCommand({ Rule: 'own', Targets: [{ Id: 'one', Arn: FUNCTION, InputPath: '$.detail' }] }),
  );
  const { Entries, FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'slipway', DetailType: 'Deployed', Detail: '{"n":1}' },
        { Source: 'aws.ecs', DetailType: 'Forged', Detail: '{}' },
        { Source: 'slipway', DetailType: 'Bad', Detail: '[1]' },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(2);
  expect(Entries?.map((entry) => entry.ErrorCode)).toEqual([
    undefined,
    'NotAuthorizedForSourceException',
    'MalformedDetail',
  ]);
  await clock.advance(1);
  expect(seen.map(({ event }) => event)).toEqual([{ n: 1 }]);
  expect(await client.send(new DescribeRuleCommand({ Name: 'own' }))).toMatchObject({
    Arn: RuleArn,
    EventPattern: '{"source":["slipway"]}',
    State: 'ENABLED',
  });
  expect((await client.send(new ListRulesCommand({ NamePrefix: 'o' }))).Rules?.map((one) => one.Name)).toEqual(['own']);
  expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'own' }))).Targets).toEqual([
    { Id: 'one', Arn: FUNCTION, InputPath: '$.detail' },
  ]);
});

test.each([
  ['a bad pattern', { EventPattern: '{"source":"x"}' }, 'InvalidEventPatternException'],
  ['a bad schedule', { ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException'],
  ['neither', {}, 'ValidationException'],
  ['a bus that is not there', { EventPattern: '{"a":[1]}', EventBusName: 'none' }, 'ResourceNotFoundException'],
])('a rule with %s is refused by name', async (_what, input, name) => {
  const { client } = await started();
  await expect(client.send(new PutRuleCommand({ Name: 'x', ...input }))).rejects.toMatchObject({ name });
});

test('a role puts events only on the bus that its policy names', async () => {
  const { events, iam, front } = await started();
  await create(events, 'AWS::Events::EventBus', 'Bus', { Name: 'slipway' });
  const bus = 'arn:aws:events:eu-central-1:111122223333:event-bus/slipway';
  await create(iam, 'AWS::IAM::Role', 'Sender', {
    RoleName: 'sender',
    AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' } },
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: { Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: bus } },
      },
    ],
  });
  const client = new EventBridgeClient(front.as('arn:aws:iam::111122223333:role/sender'));
  const put = (EventBusName: string) =>
    client.send(new PutEventsCommand({ Entries: [{ EventBusName, Source: 's', DetailType: 'd', Detail: '{}' }] }));
  await expect(put(bus)).resolves.toMatchObject({ FailedEntryCount: 0 });
  await expect(put('default')).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:sts::111122223333:assumed-role/sender/test is not authorized to perform: events:PutEvents on resource: arn:aws:events:eu-central-1:111122223333:event-bus/default because no identity-based policy allows the events:PutEvents action',
  });
  client.destroy();
});

test('a function that fails is tried again after 1, 2, 4, 8 and then every 10 minutes, until it succeeds', async () => {
  const world = await started({
    answers: [FAILED, FAILED, FAILED, new Error('no answer'), FAILED, FAILED, { payload: '1' }],
  });
  await rule(world);
  world.events.emit(numbered(1));
  await world.clock.advance(24 * 60 * MINUTE);
  expect(world.seen.map(({ atSeconds }) => atSeconds / 60)).toEqual([0, 1, 3, 7, 15, 25, 35]);
});

test('retries end with the policy of the target, or after a day, and a dead letter tells why', async () => {
  const policies = [{ MaximumRetryAttempts: 2 }, { MaximumEventAgeInSeconds: 180 }, {}];
  const tries: number[] = [];
  for (const RetryPolicy of policies) {
    const world = await started({ answers: [FAILED] });
    const Arn = 'arn:aws:sqs:eu-central-1:111122223333:dead';
    await rule(world, { Targets: [{ Id: 'f', Arn: FUNCTION, RetryPolicy, DeadLetterConfig: { Arn } }] });
    world.events.emit(numbered(1));
    await world.clock.advance(48 * 60 * MINUTE);
    tries.push(world.seen.length);
    expect(world.world.lines.at(-1)).toContain(`is given up after ${world.seen.length} tries`);
    const letters = world.world.store.table<{ reason: string }>('events-dead-letters').list();
    expect(letters.map(({ value }) => value.reason)).toEqual([expect.stringContaining(`${FUNCTION} failed`)]);
  }
  expect(tries.slice(0, 2)).toEqual([3, 3]);
  expect(tries[2]).toBeGreaterThan(100);
  expect(tries[2]).toBeLessThanOrEqual(186);
});

test('a rule whose function has no permission invokes nothing, and says so', async () => {
  const asked: string[][] = [];
  const world = await started({
    allowed: (...question) => {
      asked.push(question);
      return false;
    },
  });
  const { attributes } = await rule(world);
  world.events.emit(numbered(1));
  await world.clock.advance(60 * MINUTE);
  expect(world.seen).toEqual([]);
  expect(asked).toEqual([[FUNCTION, 'events.amazonaws.com', attributes['Arn']]]);
  expect(world.world.lines.join()).toContain(`${FUNCTION} has no permission for events.amazonaws.com`);
});

test('a function that is gone is not tried again', async () => {
  const world = await started({ answers: [new AwsError('ResourceNotFoundException', 'Function not found', 404)] });
  await rule(world);
  world.events.emit(numbered(1));
  await world.clock.advance(60 * MINUTE);
  expect(world.seen).toHaveLength(1);
});

test('what waits for its next try, and what was under way, goes on after a restart', async () => {
  const store = openStore();
  const clock = standingClock(START);
  let release: () => void = () => undefined;
  const first = await started({
    store,
    clock,
    invoke: async (_arn, payload) => {
      if (numberOf(JSON.parse(payload)) === 1) return FAILED;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { payload: 'null' };
    },
  });
  await rule(first);
  first.events.emit(numbered(1));
  first.events.emit(numbered(2));
  await clock.advance(1);
  first.events.emit(numbered(3));
  await first.events.stop?.();
  release();
  const second = await started({ store, clock });
  await clock.advance(MINUTE);
  expect([...second.numbers()].sort()).toEqual([1, 2, 3]);
  await clock.advance(60 * MINUTE);
  expect(second.seen).toHaveLength(3);
});

test('rules forward from bus to bus, with the event unchanged, under a role or a policy of the bus', async () => {
  const world = await started();
  const { events, iam } = world;
  const { attributes } = await create(events, 'AWS::Events::EventBus', 'Bus', { Name: 'slipway' });
  const bus = String(attributes['Arn']);
  expect((await rule(world, { EventBusName: 'slipway' }, 'inner')).physicalId).toBe('slipway|inner');
  const Role = await create(iam, 'AWS::IAM::Role', 'Forward', {
    RoleName: 'forward',
    AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' } },
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: { Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: bus } },
      },
    ],
  });
  await rule(world, { Targets: [{ Id: 'bus', Arn: bus, RoleArn: Role.attributes['Arn'] }] }, 'outer');
  events.emit(numbered(1));
  await world.clock.advance(1);
  expect(world.numbers()).toEqual([1]);
  await rule(world, { Targets: [{ Id: 'bus', Arn: bus }] }, 'outer');
  events.emit(numbered(2));
  await world.clock.advance(1);
  expect(world.numbers()).toEqual([1]);
  expect(world.world.lines.at(-1)).toContain('has no policy that admits 111122223333');
  await create(events, 'AWS::Events::EventBusPolicy', 'Policy', {
    EventBusName: 'slipway',
    StatementId: 'own-account',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'events:PutEvents',
      Resource: bus,
    },
  });
  events.emit(numbered(3));
  await world.clock.advance(1);
  expect(world.numbers()).toEqual([1, 3]);
});

test('a bus of another account is the one of that name here, and needs a policy that admits this account', async () => {
  const world = await started();
  const { events } = world;
  await create(events, 'AWS::Events::EventBus', 'Bus', { Name: 'slipway' });
  await rule(world, { EventBusName: 'slipway' }, 'inner');
  const foreign = 'arn:aws:events:eu-central-1:444455556666:event-bus/slipway';
  await rule(world, { Targets: [{ Id: 'bus', Arn: foreign }] }, 'outer');
  const policy = (Principal: unknown) =>
    create(events, 'AWS::Events::EventBusPolicy', 'Policy', {
      EventBusName: 'slipway',
      StatementId: 's',
      Statement: { Effect: 'Allow', Principal, Action: 'events:PutEvents', Resource: foreign },
    });
  await policy({ AWS: '999999999999' });
  events.emit(numbered(1));
  await world.clock.advance(1);
  expect(world.numbers()).toEqual([]);
  await policy({ AWS: '111122223333' });
  events.emit(numbered(2));
  await world.clock.advance(1);
  expect(world.numbers()).toEqual([2]);
});

test('events that circle between buses end', async () => {
  const world = await started();
  await create(world.events, 'AWS::Events::EventBusPolicy', 'Policy', {
    StatementId: 's',
    Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' },
  });
  await rule(world, { Targets: [{ Id: 'bus', Arn: 'arn:aws:events:eu-central-1:111122223333:event-bus/default' }] });
  world.events.emit(numbered(1));
  await world.clock.advance(MINUTE);
  expect(world.world.lines).toEqual([expect.stringContaining('the event was forwarded 5 times already')]);
});

test('a schedule runs by the clock, also after a restart, and stops with its rule', async () => {
  const store = openStore();
  const clock = standingClock(START);
  const first = await started({ store, clock });
  const { attributes } = await rule(first, { EventPattern: undefined, ScheduleExpression: 'rate(1 minute)' }, 'sweep');
  await clock.advance(2.5 * MINUTE);
  expect(first.seen.map(({ atSeconds }) => atSeconds)).toEqual([60, 120]);
  expect(first.seen[0]?.event).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    time: '2026-09-01T00:01:00Z',
    resources: [attributes['Arn']],
    detail: {},
  });
  await first.events.stop?.();
  const second = await started({ store, clock });
  await clock.advance(MINUTE);
  expect(second.seen.map(({ atSeconds }) => atSeconds)).toEqual([180]);
  await second.events.resources?.['AWS::Events::Rule']?.delete({
    ...resourceRequest('AWS::Events::Rule', 'sweep', {}),
    physicalId: 'sweep',
  });
  await clock.advance(10 * MINUTE);
  expect(second.seen).toHaveLength(1);
});

test('schedules can be left out, and belong to the default bus', async () => {
  const world = await started({ schedules: false });
  await rule(world, { EventPattern: undefined, ScheduleExpression: 'rate(1 minute)' }, 'sweep');
  await world.clock.advance(10 * MINUTE);
  expect(world.seen).toEqual([]);
  await create(world.events, 'AWS::Events::EventBus', 'Bus', { Name: 'own' });
  const properties = { EventBusName: 'own', EventPattern: undefined, ScheduleExpression: 'rate(1 minute)' };
  await expect(rule(world, properties, 'x')).rejects.toThrow('supported only on the default event bus');
});

test('other services are sent to where someone takes it, else the event is only recorded', async () => {
  const sent: unknown[][] = [];
  const machine = 'arn:aws:states:eu-central-1:111122223333:stateMachine:sweep';
  const world = await started({
    others: {
      states: async (...call) => {
        sent.push(call);
      },
    },
  });
  const queue = 'arn:aws:sqs:eu-central-1:111122223333:queue';
  await rule(world, {
    Targets: [
      { Id: 'm', Arn: machine, RoleArn: 'role', Input: '{}' },
      { Id: 'q', Arn: queue },
    ],
  });
  world.events.emit(numbered(1));
  await world.clock.advance(MINUTE);
  expect(sent).toEqual([[machine, '{}', 'role']]);
  expect(world.world.lines).toEqual([expect.stringContaining(`would send to ${queue}`)]);
});

const isSecond: Fault['matches'] = ({ event }) => numberOf(event) === 2;
test.each<[string, Fault, (number | undefined)[]]>([
  ['drop', { kind: 'drop', matches: isSecond }, [1, 3, 4]],
  ['duplicate', { kind: 'duplicate', matches: isSecond }, [1, 2, 2, 3, 4]],
  ['delay', { kind: 'delay', millis: 5000, matches: isSecond }, [1, 3, 4, 2]],
  ['reorder, twice', { kind: 'reorder', matches: () => true, times: 2 }, [2, 1, 4, 3]],
  ['reorder, with none behind', { kind: 'reorder', matches: isSecond }, [1, 3, 4, 2]],
  ['a fault with an end', { kind: 'drop', matches: () => true, times: 2 }, [3, 4]],
])('deliveries can be made to go wrong: %s', async (_what, fault, order) => {
  const world = await started();
  await rule(world);
  world.events.inject(fault);
  for (const n of [1, 2, 3, 4]) {
    world.events.emit(numbered(n));
    await world.clock.advance(10);
  }
  await world.clock.advance(2 * MINUTE);
  expect(world.numbers()).toEqual(order);
});

test('a fault that was ended strikes no more', async () => {
  const world = await started();
  await rule(world);
  const end = world.events.inject({ kind: 'drop', matches: () => true });
  world.events.emit(numbered(1));
  end();
  world.events.emit(numbered(2));
  await world.clock.advance(1);
  expect(world.numbers()).toEqual([2]);
});
