import { expect } from '@jest/globals';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { isEnded } from '../../functions/domain/deployment/deployment.ts';
import type { QueueEntry, Stack } from '../../functions/domain/stack/stack.ts';
import type { Move } from './stack-race.ts';

/** The rules that no schedule may break, over every move that was made. */
export const expectLawful = (unordered: readonly Move[]): void => {
  const moves = [...unordered].sort((a, b) => a.record.revision - b.record.revision);
  // Nothing lost, nothing doubled: each write stands on the one before it.
  expect(moves.map(({ record }) => record.revision)).toEqual(moves.map((_, place) => place + 1));
  const breaches = moves.flatMap((move, place) => {
    const before = moves[place - 1];
    const broken = [...oneHolder(move, before), ...atRest(move), ...brokenStays(move, before)];
    return broken.map((rule) => ({ rule, event: move.event, before: before?.record, after: move.record }));
  });
  expect(breaches).toEqual([]);
  expectInOrder(moves);
  expectNoneSkipped(moves);
};

// One assertion for all moves: hundreds of thousands are checked, and an assertion costs more than the rule.

/** S1 and S3: a claim meets no holder and raises the fence by one; only the holder, under its fence, lets go. */
const oneHolder = (move: Move, before: Move | undefined): readonly string[] => [
  ...(move.record.counts['web'] === undefined ? [] : ['counts of a service stand on the stack']),
  ...holderOf(move, before?.record),
];

const holderOf = ({ event, record }: Move, before: Stack | undefined): readonly string[] => {
  const fence = before?.fence ?? 0;
  if (event.type === 'Claimed') {
    const isFree = !before?.current && before?.status !== 'BROKEN';
    const isRight = isSame(record.current, { deploymentId: event.deploymentId, fence: fence + 1 });
    return isFree && isRight ? [] : ['a claim of what was not free, or under another fence than the next'];
  }
  if (event.type.startsWith('Deployment')) {
    const isHolder = 'fence' in event && isSame(before?.current, event);
    return isHolder && !record.current ? [] : ['somebody else than the holder let go, or the holder did not'];
  }
  return isSame(record.current, before?.current) && record.fence === fence ? [] : ['the holder or the fence changed'];
};

type Holder = NonNullable<Stack['current']>;

const isSame = (a: Holder | undefined, b: Holder | undefined): boolean =>
  a?.deploymentId === b?.deploymentId && a?.fence === b?.fence;

/** STABLE is never stored, and a stack that nobody holds and nothing waits for is at rest or BROKEN. */
const atRest = ({ record: { status, current, queue, broken } }: Move): readonly string[] => {
  if (status === 'STABLE') return ['STABLE was stored'];
  if (status === 'AVAILABLE') return current || queue.length > 0 || broken ? ['at rest with something to do'] : [];
  if (status === 'BROKEN') return current || !broken ? ['BROKEN with a holder, or without a cause'] : [];
  return current || queue[0] ? [] : [`${status} with nothing to do`];
};

/** S6 and S9: what is broken stays so until a deployment is DONE or a person says otherwise, and starts nothing itself. */
const brokenStays = ({ event: { type }, record }: Move, before: Move | undefined): readonly string[] => {
  const mended = before?.record.broken && !record.broken && type !== 'DeploymentCompleted' && type !== 'Resumed';
  const left = before?.record.status === 'BROKEN' && record.status !== 'BROKEN';
  return [
    ...(mended ? [`${type} mended what was broken`] : []),
    ...(left && type !== 'Triggered' && type !== 'Resumed' ? [`${type} took a stack out of BROKEN`] : []),
  ];
};

/** S4: what is of one branch, or must not be skipped, starts in the order in which it was accepted; each at most once. */
const expectInOrder = (moves: readonly Move[]) => {
  const accepted = moves.flatMap(({ event }) => (event.type === 'Triggered' ? [event.entry] : []));
  const started = moves.flatMap(({ event }) =>
    event.type === 'Claimed' ? accepted.filter(({ deploymentId }) => deploymentId === event.deploymentId) : [],
  );
  expect(new Set(started).size).toBe(started.length);
  const orderOf = (entry: QueueEntry) => accepted.indexOf(entry);
  started.forEach((late, place) => {
    const overtakers = started.slice(0, place).filter((early) => orderOf(early) > orderOf(late));
    for (const early of overtakers) {
      expect(early.ref).not.toBe(late.ref);
      expect([early.kind, late.kind]).toEqual(['full', 'full']);
    }
  });
};

/** What is no full deployment, or is marked must-run, is never superseded. */
const expectNoneSkipped = (moves: readonly Move[]) => {
  const stay = moves.flatMap(({ event }) =>
    event.type === 'Triggered' && (event.entry.kind === 'other' || event.entry.mustRun)
      ? [event.entry.deploymentId]
      : [],
  );
  const superseded = moves.flatMap(({ record }) => (record.superseded ?? []).map(({ deploymentId }) => deploymentId));
  expect(superseded.filter((id) => stay.includes(id))).toEqual([]);
};

/** With no superseding and no fix forward nothing overtakes anything. */
export const expectStrictOrder = (unordered: readonly Move[]): void => {
  const moves = [...unordered].sort((a, b) => a.record.revision - b.record.revision);
  const accepted = moves.flatMap(({ event }) => (event.type === 'Triggered' ? [event.entry.deploymentId] : []));
  const started = moves.flatMap(({ event }) => (event.type === 'Claimed' ? [event.deploymentId] : []));
  expect(started).toEqual(accepted.filter((id) => started.includes(id)));
};

/** S2: every deployment has come to exactly one end, and that end says whether it ran. */
export const expectEnded = (records: readonly Deployment[], moves: readonly Move[]): void => {
  const claims = moves.flatMap(({ event }) => (event.type === 'Claimed' ? [event.deploymentId] : []));
  for (const { id, status, supersededBy } of records) {
    expect([id, isEnded(status)]).toEqual([id, true]);
    if (status === 'DONE' || status === 'FAILED') expect(claims).toContain(id);
    if (status === 'SUPERSEDED') {
      expect(claims).not.toContain(id);
      expect(records.map((record) => record.id)).toContain(supersededBy);
    }
  }
};
