import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { QueueEntry, Stack, StackEvent } from '../../../functions/domain/stack/stack.ts';
import { transition } from '../../../functions/domain/stack/transition.ts';
import { anEntry, identity, triggered } from '../../support/records.ts';

// The rules of superseding over whole lives of a stack: pushes arrive while others run, and everything is run to its end.

const kinds = ['main', 'main', 'main', 'hotfix', 'pin', 'must-run'] as const;
type Kind = (typeof kinds)[number];

const entryFrom = (kind: Kind, place: number): QueueEntry => {
  const ref = kind === 'hotfix' ? 'refs/heads/hotfix' : 'refs/heads/main';
  const more = kind === 'pin' ? { kind: 'other' as const } : kind === 'must-run' ? { mustRun: true } : {};
  return anEntry(`d${place}`, { ref, ...more });
};

const moved = (stack: Stack | undefined, event: StackEvent): Stack => {
  const answer = transition(stack, event, { name: 'prod-shop', ...identity });
  if (answer.kind !== 'moved') throw new Error(JSON.stringify(answer));
  return answer.stack;
};

/** Claims what is next, if the stack is free. */
const dispatched = (stack: Stack, started: string[]): Stack => {
  const [next] = stack.queue;
  if (stack.current || !next) return stack;
  started.push(next.deploymentId);
  return moved(stack, { type: 'Claimed', deploymentId: next.deploymentId });
};

const settled = (stack: Stack): Stack =>
  stack.current
    ? moved(stack, { type: 'DeploymentCompleted', ...stack.current, release: stack.current.deploymentId })
    : stack;

interface Life {
  readonly started: readonly string[];
  readonly superseded: ReadonlyMap<string, string>;
}

/** `true` in a script lets the running one end before the next push arrives. */
const live = (pushes: readonly QueueEntry[], ends: readonly boolean[], supersede: boolean): Life => {
  const started: string[] = [];
  let stack: Stack | undefined;
  pushes.forEach((entry, place) => {
    if (stack && ends[place]) stack = dispatched(settled(stack), started);
    stack = dispatched(moved(stack, triggered(entry, { supersede })), started);
  });
  while (stack?.current) stack = dispatched(settled(stack), started);
  return { started, superseded: new Map((stack?.superseded ?? []).map(({ deploymentId, by }) => [deploymentId, by])) };
};

const pushes = fc
  .array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 30 })
  .map((chosen) => chosen.map(entryFrom));
const ends = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
const orderOf = (id: string) => Number(id.slice(1));

test('with superseding off, all run in the order in which they were accepted', () => {
  fc.assert(
    fc.property(pushes, ends, (entries, script) => {
      expect(live(entries, script, false).started).toEqual(entries.map(({ deploymentId }) => deploymentId));
    }),
  );
});

test('with superseding on, each runs once or names its successor, which is newer, of its branch, and leads to one that ran', () => {
  fc.assert(
    fc.property(pushes, ends, (entries, script) => {
      const { started, superseded } = live(entries, script, true);
      expect([...started, ...superseded.keys()].sort()).toEqual(entries.map(({ deploymentId }) => deploymentId).sort());
      for (const [id, by] of superseded) {
        expect(orderOf(by)).toBeGreaterThan(orderOf(id));
        expect(entries[orderOf(by)]?.ref).toBe(entries[orderOf(id)]?.ref);
      }
      for (const id of superseded.keys()) expect(started).toContain(lastOf(superseded, id));
    }),
  );
});

const lastOf = (superseded: ReadonlyMap<string, string>, id: string): string => {
  const by = superseded.get(id);
  return by === undefined ? id : lastOf(superseded, by);
};

test('what must not be skipped runs, and everything of its branch runs or is replaced on its own side of it', () => {
  fc.assert(
    fc.property(pushes, ends, (entries, script) => {
      const life = live(entries, script, true);
      for (const stays of entries.filter(({ kind, mustRun }) => kind === 'other' || mustRun))
        expectStays(life, entries, stays);
    }),
  );
});

const expectStays = ({ started, superseded }: Life, entries: readonly QueueEntry[], stays: QueueEntry) => {
  const at = orderOf(stays.deploymentId);
  const place = started.indexOf(stays.deploymentId);
  expect(place).toBeGreaterThanOrEqual(0);
  const ofItsBranch = (id: string) => entries[orderOf(id)]?.ref === stays.ref;
  // One that must run may have taken an older one's place, before what other branches had queued: those it does not part.
  const parted = (id: string) => orderOf(id) < at && (stays.kind === 'other' || ofItsBranch(id));
  for (const [id, by] of superseded) if (parted(id)) expect(orderOf(by)).toBeLessThanOrEqual(at);
  expect(
    started
      .slice(0, place)
      .filter(ofItsBranch)
      .map(orderOf)
      .filter((order) => order > at),
  ).toEqual([]);
  expect(
    started
      .slice(place)
      .filter(ofItsBranch)
      .map(orderOf)
      .filter((order) => order < at),
  ).toEqual([]);
};

test('what starts of one branch starts in the order in which it was accepted', () => {
  fc.assert(
    fc.property(pushes, ends, (entries, script) => {
      const { started } = live(entries, script, true);
      for (const ref of ['refs/heads/main', 'refs/heads/hotfix']) {
        const mine = started.map(orderOf).filter((place) => entries[place]?.ref === ref);
        expect(mine).toEqual([...mine].sort((a, b) => a - b));
      }
    }),
  );
});

test('of a burst of pushes to one branch the first and the last run, and what must not be skipped', () => {
  const burst = fc
    .array(fc.constantFrom<Kind[]>('main', 'main', 'main', 'main', 'must-run'), { minLength: 1, maxLength: 30 })
    .map((chosen) => chosen.map(entryFrom));
  fc.assert(
    fc.property(burst, (entries) => {
      const { started } = live(entries, [], true);
      const stay = entries.filter(({ mustRun }) => mustRun).length;
      expect(started.length).toBeLessThanOrEqual(2 + stay);
      expect(started).toContain(entries.at(-1)?.deploymentId);
    }),
  );
});
