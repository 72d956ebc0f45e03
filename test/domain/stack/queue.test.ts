import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { append, type Joined, newestFirst, supersedeOlder } from '../../../functions/domain/stack/queue.ts';
import type { QueueEntry } from '../../../functions/domain/stack/stack.ts';
import { anEntry } from '../../support/records.ts';

const main = (id: string) => anEntry(id);
const hotfix = (id: string) => anEntry(id, { ref: 'refs/heads/hotfix' });
const pinned = (id: string) => anEntry(id, { kind: 'other' });
const marked = (id: string) => anEntry(id, { mustRun: true });
const shown = ({ queue, superseded }: Joined) => [
  queue.map(({ deploymentId }) => deploymentId).join(' '),
  superseded.map(({ deploymentId, by }) => `${deploymentId}<${by}`).join(' '),
];

test.each([
  ['an empty queue', [], main('d9'), ['d9', '']],
  ['older ones of its branch', [main('d1'), main('d2')], main('d9'), ['d9', 'd1<d9 d2<d9']],
  ['none of another branch', [main('d1'), hotfix('d2'), main('d3')], main('d9'), ['d9 d2', 'd1<d9 d3<d9']],
  ['nothing before one that stays', [main('d1'), pinned('d2'), main('d3')], main('d9'), ['d1 d2 d9', 'd3<d9']],
  ['nothing when it is no full deployment', [main('d1')], pinned('d9'), ['d1 d9', '']],
  ['nothing before one marked must-run', [main('d1'), marked('d2'), main('d3')], main('d9'), ['d1 d2 d9', 'd3<d9']],
  ['older ones when it is marked must-run itself', [hotfix('d1'), main('d2')], marked('d9'), ['d1 d9', 'd2<d9']],
])('superseding: a newcomer replaces %s', (_case, queue, newcomer, expected) => {
  expect(shown(supersedeOlder(queue, newcomer))).toEqual(expected);
});

test.each([
  ['moves the newest of the branch to the front', [hotfix('d1'), main('d2'), main('d3')], ['d3 d1', 'd2<d3']],
  ['leaves what stands behind one that stays', [main('d1'), pinned('d2'), main('d3')], ['d1 d2 d3', '']],
  ['leaves a queue that one that stays heads', [pinned('d1'), main('d2'), main('d3')], ['d1 d2 d3', '']],
  ['takes one marked must-run for what it is', [hotfix('d1'), main('d2'), marked('d3')], ['d3 d1', 'd2<d3']],
  ['never passes one marked must-run', [main('d1'), marked('d2'), main('d3')], ['d2 d3', 'd1<d2']],
  ['leaves a queue without the branch', [hotfix('d1')], ['d1', '']],
])('newest first: %s', (_case, queue, expected) => {
  expect(shown(newestFirst(queue, 'refs/heads/main'))).toEqual(expected);
});

test('appending supersedes nothing', () => {
  expect(shown(append([main('d1')], main('d2')))).toEqual(['d1 d2', '']);
});

const entries = fc
  .array(fc.constantFrom(main, hotfix, pinned, marked), { maxLength: 12 })
  .map((makers) => makers.map((make, place) => make(`d${place}`)));

test('nobody is lost, doubled, superseded across branches, or passes one that must not be skipped', () => {
  fc.assert(
    fc.property(entries, fc.constantFrom(main, hotfix, pinned, marked), (queue, make) => {
      const newcomer = make('new');
      const all = [...queue, newcomer];
      for (const after of [supersedeOlder(queue, newcomer), newestFirst(all, newcomer.ref)]) {
        const ids = [...after.queue, ...after.superseded].map(({ deploymentId }) => deploymentId);
        expect([...ids].sort()).toEqual(all.map(({ deploymentId }) => deploymentId).sort());
        for (const { deploymentId, by } of after.superseded) expectReplaceable(all, deploymentId, by);
        expect(orderAround(after.queue)).toEqual(orderAround(all.filter((entry) => after.queue.includes(entry))));
      }
    }),
  );
});

const expectReplaceable = (all: readonly QueueEntry[], id: string, by: string) => {
  const [older, newer] = [id, by].map((wanted) => all.find(({ deploymentId }) => deploymentId === wanted));
  expect(older).toMatchObject({ kind: 'full', ref: newer?.ref });
  expect([older?.mustRun, newer?.kind]).toEqual([undefined, 'full']);
  const ids = all.map(({ deploymentId }) => deploymentId);
  expect(ids.indexOf(id)).toBeLessThan(ids.indexOf(by));
  const between = all.slice(ids.indexOf(id), ids.indexOf(by));
  expect(between.filter(({ kind, mustRun }) => kind === 'other' || mustRun)).toEqual([]);
};

/** Which of the entries that stay stands before or behind each one that must not be skipped. */
const orderAround = (queue: readonly QueueEntry[]) =>
  queue.flatMap((barrier, place) =>
    barrier.kind === 'other'
      ? [
          [
            barrier.deploymentId,
            queue
              .slice(0, place)
              .map(({ deploymentId }) => deploymentId)
              .sort(),
          ],
        ]
      : [],
  );
