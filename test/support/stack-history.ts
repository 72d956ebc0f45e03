import { expect } from '@jest/globals';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { isEnded } from '../../functions/domain/deployment/deployment.ts';
import type { QueueEntry } from '../../functions/domain/stack/stack.ts';
import type { Move } from './stack-race.ts';

/** The rules that no schedule may break, over every move that was made. */
export const expectLawful = (unordered: readonly Move[]): void => {
  const moves = [...unordered].sort((a, b) => a.record.revision - b.record.revision);
  // Nothing lost, nothing doubled: each write stands on the one before it.
  expect(moves.map(({ record }) => record.revision)).toEqual(moves.map((_, place) => place + 1));
  moves.forEach((move, place) => {
    expectOneHolder(move, moves[place - 1]);
    expectResting(move);
    expectBrokenStays(move, moves[place - 1]);
  });
  expectInOrder(moves);
};

/** S1 and S3: a claim meets no holder and raises the fence by one; only the holder, under its fence, lets go. */
const expectOneHolder = ({ event, record }: Move, before: Move | undefined) => {
  const held = before?.record.current;
  if (event.type === 'Claimed') {
    expect(held).toBeUndefined();
    expect(before?.record.status).not.toBe('BROKEN');
    expect(record.current).toEqual({ deploymentId: event.deploymentId, fence: (before?.record.fence ?? 0) + 1 });
  } else if (event.type.startsWith('Deployment')) {
    expect(held).toEqual({
      deploymentId: 'deploymentId' in event && event.deploymentId,
      fence: 'fence' in event && event.fence,
    });
    expect(record.current).toBeUndefined();
  } else {
    expect(record.current).toEqual(held);
    expect(record.fence).toBe(before?.record.fence ?? 0);
  }
  expect(record.counts['web']).toBeUndefined();
};

/** STABLE is never stored, and a stack that nobody holds and nothing waits for is at rest or BROKEN. */
const expectResting = ({ record: { status, current, queue, broken } }: Move) => {
  expect(status).not.toBe('STABLE');
  if (status === 'AVAILABLE') expect([current, queue, broken]).toEqual([undefined, [], undefined]);
  else if (status === 'BROKEN') expect([current, broken]).toEqual([undefined, expect.anything()]);
  else expect(current ?? queue[0]).toBeDefined();
};

/** S6 and S9: what is broken stays so until a deployment is DONE or a person says otherwise, and starts nothing itself. */
const expectBrokenStays = ({ event, record }: Move, before: Move | undefined) => {
  if (before?.record.broken && !record.broken) expect(['DeploymentCompleted', 'Resumed']).toContain(event.type);
  if (before?.record.status === 'BROKEN' && record.status !== 'BROKEN')
    expect(['Triggered', 'Resumed']).toContain(event.type);
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
