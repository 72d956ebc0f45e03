import { expect, test } from '@jest/globals';
import type { Stack, StackEvent } from '../../../functions/domain/stack/stack.ts';
import { transition } from '../../../functions/domain/stack/transition.ts';
import { anEntry, aStack, identity, reason, triggered } from '../../support/records.ts';
import { stackCells } from '../../support/stack-matrix.ts';

const holder = { deploymentId: 'd1', fence: 3 };
const running = aStack({ status: 'MIGRATING', current: holder, fence: 3, queue: [anEntry('d2')], counts: { web: 2 } });
const brokenBy = { deploymentId: 'd0', reason, left: ['scaled down'], operatorNeeded: false };
const broken = aStack({ status: 'BROKEN', broken: brokenBy, fence: 3, counts: { web: 2 } });
const completed: StackEvent = { type: 'DeploymentCompleted', ...holder, release: 'r1' };
const failed = (given: Partial<Extract<StackEvent, { type: 'DeploymentFailed' }>> = {}): StackEvent => ({
  type: 'DeploymentFailed',
  ...holder,
  reason,
  left: { kind: 'unchanged' },
  ...given,
});

const moved = (stack: Stack | undefined, event: StackEvent): Stack => {
  const answer = transition(stack, event, { name: 'prod-shop', ...identity });
  if (answer.kind !== 'moved') throw new Error(`${answer.kind}: ${JSON.stringify(answer)}`);
  return answer.stack;
};
const codeOf = (stack: Stack | undefined, event: StackEvent) => {
  const answer = transition(stack, event);
  return answer.kind === 'refused' ? answer.code : answer.kind;
};

test.each(stackCells())('$name goes where the table says', ({ from, stack, event, to }) => {
  const answer = transition(stack, event, { name: 'prod-shop', ...identity });
  if (to === undefined) {
    expect(answer).toMatchObject({ kind: 'refused', code: from === 'NONE' ? 'NoSuchStack' : 'StatusRefuses' });
    return;
  }
  if (answer.kind !== 'moved') throw new Error(`${answer.kind}: ${JSON.stringify(answer)}`);
  const atRest = answer.stack.queue.length === 0 ? 'AVAILABLE' : 'MIGRATING';
  expect(answer.stack.status).toBe(to === 'STABLE' ? atRest : to);
  expect(answer.stack.revision).toBe((stack?.revision ?? 0) + 1);
});

test('every refusal by status tells how the stack stands and what to do', () => {
  for (const { stack, event, to } of stackCells()) {
    if (to !== undefined || !stack) continue;
    expect(transition(stack, event)).toMatchObject({
      reason: expect.stringMatching(
        new RegExp(`^Stack prod-shop is ${stack.status} and does not take ${event.type}\\. .{20}`),
      ),
    });
  }
});

test('every move that is made again finds its own effect', () => {
  for (const { name, stack, event, to } of stackCells()) {
    if (to === undefined) continue;
    const once = moved(stack, event);
    expect([name, transition(once, event)]).toEqual([name, { kind: 'repeated', stack: once }]);
  }
});

test('the first deployment makes the stack and is queued', () => {
  expect(moved(undefined, triggered(anEntry('d1')))).toEqual({
    name: 'prod-shop',
    ...identity,
    status: 'CREATING',
    fence: 0,
    queue: [anEntry('d1')],
    counts: {},
    revision: 1,
  });
});

test('a claim takes the head of the queue, and the fence rises', () => {
  const waiting = aStack({ status: 'MIGRATING', queue: [anEntry('d1'), anEntry('d2')], fence: 2 });
  expect(moved(waiting, { type: 'Claimed', deploymentId: 'd1' })).toMatchObject({
    current: { deploymentId: 'd1', fence: 3 },
    fence: 3,
    queue: [anEntry('d2')],
  });
  expect(codeOf(waiting, { type: 'Claimed', deploymentId: 'd2' })).toBe('NotNext');
  expect(codeOf(waiting, { type: 'Claimed', deploymentId: 'd3' })).toBe('NotQueued');
  expect(codeOf(running, { type: 'Claimed', deploymentId: 'd2' })).toBe('Held');
});

test('a held stack answers its holder that it holds it', () => {
  expect(codeOf(running, { type: 'Claimed', deploymentId: 'd1' })).toBe('repeated');
});

test('only the current deployment under its fence settles or writes counts', () => {
  const others = [
    { deploymentId: 'd1', fence: 2 },
    { deploymentId: 'd2', fence: 3 },
  ];
  for (const other of others) {
    expect(codeOf(running, { ...completed, ...other })).toBe('StaleFence');
    expect(codeOf(running, failed(other))).toBe('StaleFence');
    expect(codeOf(running, { type: 'CountsRead', ...other, counts: {} })).toBe('StaleFence');
  }
});

test('a settled deployment that settles in another way later is refused', () => {
  const settled = moved(running, failed());
  expect(codeOf(settled, completed)).toBe('StaleFence');
  expect(codeOf(settled, failed())).toBe('repeated');
  expect(codeOf(moved(settled, { type: 'Claimed', deploymentId: 'd2' }), failed())).toBe('repeated');
});

test('a completed deployment leaves its release, and nothing of what went before', () => {
  const fixing = { ...running, broken: brokenBy, resumed: { actor: 'alice' } };
  const settled = moved(fixing, completed);
  expect(settled).toMatchObject({ status: 'MIGRATING', release: 'r1', counts: {} });
  expect(settled).not.toHaveProperty('current');
  expect(settled).not.toHaveProperty('broken');
  expect(settled).not.toHaveProperty('resumed');
});

test('a failure that left something breaks the stack and says what; the queue waits', () => {
  const left = { kind: 'changed', what: ['scaled down'], operatorNeeded: true } as const;
  const settled = moved(running, failed({ left }));
  expect(settled).toMatchObject({
    status: 'BROKEN',
    broken: { deploymentId: 'd1', reason, left: ['scaled down'], operatorNeeded: true },
    queue: [anEntry('d2')],
    counts: { web: 2 },
  });
  expect(codeOf(settled, { type: 'Claimed', deploymentId: 'd2' })).toBe('StatusRefuses');
});

test('a fix that changes nothing leaves the stack as broken as it was', () => {
  const fixing = moved(moved(broken, triggered(anEntry('d1'), { fixForward: true })), {
    type: 'Claimed',
    deploymentId: 'd1',
  });
  expect(moved(fixing, failed({ fence: 4 }))).toMatchObject({
    status: 'BROKEN',
    broken: brokenBy,
    counts: { web: 2 },
  });
});

test('a fix that is withdrawn before it ran leaves the stack broken, whatever else is queued', () => {
  const queued = { ...broken, queue: [anEntry('d1', { ref: 'refs/heads/release' })] };
  const fixing = moved(queued, triggered(anEntry('d2'), { fixForward: true }));
  expect(fixing.queue.map(({ deploymentId }) => deploymentId)).toEqual(['d2', 'd1']);
  expect(moved(fixing, { type: 'Withdrawn', deploymentId: 'd2' })).toMatchObject({
    status: 'BROKEN',
    broken: brokenBy,
  });
  expect(moved(fixing, { type: 'Withdrawn', deploymentId: 'd1' })).toMatchObject({ status: 'MIGRATING' });
});

test('fix forward runs the newest of the branch and supersedes the older ones', () => {
  const queued = { ...broken, queue: [anEntry('d1'), anEntry('d2')] };
  expect(moved(queued, triggered(anEntry('d3'), { fixForward: true }))).toMatchObject({
    status: 'MIGRATING',
    queue: [anEntry('d3')],
    superseded: [
      { deploymentId: 'd1', by: 'd3' },
      { deploymentId: 'd2', by: 'd3' },
    ],
    broken: brokenBy,
  });
});

test.each([
  ['the environment does not allow it', broken, { fixForward: false }, anEntry('d3')],
  ['an operator is needed', { ...broken, broken: { ...brokenBy, operatorNeeded: true } }, {}, anEntry('d3')],
  ['the newcomer is no full deployment', broken, {}, anEntry('d3', { kind: 'other' })],
  ['the newcomer is of no branch', broken, {}, { deploymentId: 'd3', kind: 'full', acceptedAt: '' } as const],
  [
    'an entry that must not be skipped is in the way',
    { ...broken, queue: [anEntry('d1', { kind: 'other' })] },
    {},
    anEntry('d3'),
  ],
])('a broken stack only queues when %s', (_case, stack, given, entry) => {
  const after = moved(stack, triggered(entry, { fixForward: true, ...given }));
  expect(after.status).toBe('BROKEN');
  expect(after.queue).toEqual([...stack.queue, entry]);
});

test('a superseded deployment is named by the stack until its record says so', () => {
  const fixing = moved({ ...broken, queue: [anEntry('d1')] }, triggered(anEntry('d3'), { fixForward: true }));
  expect(codeOf(fixing, triggered(anEntry('d1')))).toBe('repeated');
  const told = moved(fixing, { type: 'SupersedingRecorded', deploymentIds: ['d1'] });
  expect(told).not.toHaveProperty('superseded');
});

test('resuming forgets what broke, keeps the counts, and runs the newest of the branch that is next', () => {
  const queued = { ...broken, queue: [anEntry('d1'), anEntry('d2')] };
  const after = moved(queued, { type: 'Resumed', actor: 'alice' });
  expect(after).toMatchObject({ status: 'MIGRATING', queue: [anEntry('d2')], counts: { web: 2 } });
  expect(after).not.toHaveProperty('broken');
  expect(codeOf(after, { type: 'Resumed', actor: 'bob' })).toBe('StatusRefuses');
});

test('a queue that is full refuses the next one, but not one that is in it', () => {
  const queue = Array.from({ length: 100 }, (_, place) => anEntry(`d${place}`));
  const full = aStack({ status: 'MIGRATING', queue });
  expect(codeOf(full, triggered(anEntry('late')))).toBe('QueueFull');
  expect(codeOf(full, triggered(anEntry('d99')))).toBe('repeated');
  expect(moved(full, triggered(anEntry('late'), { supersede: true })).queue).toHaveLength(1);
});

test('an entry joins only on the revision on which it was missing', () => {
  expect(codeOf(running, triggered(anEntry('d3'), { revision: 6 }))).toBe('MovedOn');
  expect(codeOf(running, triggered(anEntry('d3'), { revision: 7 }))).toBe('moved');
});

test('withdrawing takes out the queued one alone', () => {
  expect(codeOf(running, { type: 'Withdrawn', deploymentId: 'd1' })).toBe('Running');
  expect(moved(running, { type: 'Withdrawn', deploymentId: 'd2' })).toMatchObject({ current: holder, queue: [] });
});

test('a 0 that a downtime set is never read back as a count', () => {
  const counts = { web: 0, worker: 3, cron: 0 };
  expect(moved(running, { type: 'CountsRead', ...holder, counts }).counts).toEqual({ web: 2, worker: 3, cron: 0 });
});

test('counts that are kept already are no change, others are', () => {
  const read = (counts: Record<string, number>) => codeOf(running, { type: 'CountsRead', ...holder, counts });
  expect([{ web: 2 }, { web: 0 }, {}].map(read)).toEqual(['repeated', 'repeated', 'repeated']);
  expect([{ web: 3 }, { worker: 0 }, { web: 2, worker: 1 }].map(read)).toEqual(['moved', 'moved', 'moved']);
});

test('a deployment about something else than a release leaves the one before, and keeps the counts of what is down', () => {
  const { release: _, ...other } = { type: 'DeploymentCompleted', ...holder, release: 'r1' } as const;
  const down = { ...running, release: 'r0', counts: { web: 2 } };
  expect(moved(down, { ...other, keepsCounts: true })).toMatchObject({ release: 'r0', counts: { web: 2 } });
  expect(moved(down, { ...other, keepsCounts: false })).toMatchObject({ release: 'r0', counts: {} });
});

test('a failure that changed nothing leaves the counts that were kept before it, and those alone', () => {
  const claim = (counts: Record<string, number>) =>
    moved(aStack({ status: 'MIGRATING', queue: [anEntry('d1')], counts }), { type: 'Claimed', deploymentId: 'd1' });
  const failedAfterReading = (stack: Stack) => {
    const held = { deploymentId: 'd1', fence: 1 };
    const read = moved(stack, { type: 'CountsRead', ...held, counts: { web: 0, worker: 3 } });
    return moved(read, failed({ ...held, left: { kind: 'unchanged' } }));
  };
  expect(failedAfterReading(claim({ web: 2 })).counts).toEqual({ web: 2 });
  expect(failedAfterReading(claim({})).counts).toEqual({});
  expect(claim({}).current).toEqual({ deploymentId: 'd1', fence: 1 });
});
