import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ListenerRecord,
  type PriorityParameter,
  prioritiesOf,
  reservePriorities,
} from '../../../functions/domain/template/rule-priorities.ts';
import type { RouteGroup } from '../../../functions/domain/template/template.ts';

const STACKS = ['a', 'b', 'c', 'd'] as const;
const groups: readonly RouteGroup[] = ['FIRST', 'NORMAL'];
const words: Readonly<Record<RouteGroup, string>> = { FIRST: 'First', NORMAL: '', FALLBACK: 'Fallback' };

interface Stack {
  readonly name: string;
  fence: number;
  current: Readonly<Record<string, string>>;
  /** Priority of each rule that exists, by the route that it is for. */
  rules: Map<string, number>;
  release: readonly PriorityParameter[];
  /** What it saw of the listener, has been given, and had before it moved. */
  used?: readonly number[] | undefined;
  given?: Readonly<Record<string, number>> | undefined;
  before?: Map<string, number> | undefined;
}

/** Routes 0 to 2 of an application, each in a group or left out. */
const release = fc.array(fc.option(fc.constantFrom(...groups)), { minLength: 3, maxLength: 3 }).map((chosen) =>
  chosen.flatMap((group, route): PriorityParameter[] => {
    const name = `ListenerRulePriority${words[group ?? 'NORMAL']}${route}`;
    return group ? [{ kind: 'rulePriority', name, group, listenerArn: 'listener' }] : [];
  }),
);

const routeOf = (parameter: string): string => parameter.slice(-1);

/** A listener on which stacks are moved as CloudFormation moves them, each step of which another stack's may come between. */
const listenerOf = () => {
  const stacks = STACKS.map((name): Stack => ({ name, fence: 0, current: {}, rules: new Map(), release: [] }));
  let record: ListenerRecord | undefined;
  const put = (stack: Stack, route: string, priority: number) => {
    const holders = stacks.filter((other) => other !== stack && [...other.rules.values()].includes(priority));
    expect({ priority, inUseBy: holders.map(({ name }) => name) }).toEqual({ priority, inUseBy: [] });
    stack.rules.set(route, priority);
  };
  const rest = (stack: Stack) => Object.assign(stack, { used: undefined, given: undefined, before: undefined });
  const steps = {
    claim: (stack: Stack, wanted: readonly PriorityParameter[]) => {
      if (stack.before) return;
      Object.assign(rest(stack), { release: wanted, fence: stack.fence + 1 });
    },
    look: (stack: Stack) => {
      stack.used = stacks.flatMap(({ rules }) => [...rules.values()]);
    },
    reserve: (stack: Stack) => {
      if (!stack.used || stack.before) return;
      const { name, fence, release: rules, current, used } = stack;
      const reserved = reservePriorities(record, { stack: name, fence, listenerArn: 'listener', rules, current, used });
      if (reserved.kind === 'refused') throw new Error(reserved.reason);
      record = reserved.record;
      stack.given = prioritiesOf(record, name);
    },
    // Rules are made and changed in place; those that the release has no more stay until the update is through.
    move: (stack: Stack) => {
      if (!stack.given || stack.before) return;
      stack.before = new Map(stack.rules);
      for (const { name } of stack.release) put(stack, routeOf(name), stack.given[name] ?? 0);
    },
    complete: (stack: Stack) => {
      const { before, given, release: wanted } = stack;
      if (!before || !given) return;
      stack.current = Object.fromEntries(wanted.map(({ name }) => [name, String(given[name])]));
      const routes = wanted.map(({ name }) => routeOf(name));
      stack.rules = new Map([...stack.rules].filter(([route]) => routes.includes(route)));
      rest(stack);
    },
    rollBack: (stack: Stack) => {
      const { before } = stack;
      if (!before) return;
      for (const [route, priority] of before) put(stack, route, priority);
      stack.rules = before;
      rest(stack);
    },
    remove: (stack: Stack) => {
      if (!stack.before) Object.assign(rest(stack), { rules: new Map(), current: {} });
    },
  };
  return { stacks, steps };
};

const STEPS = ['claim', 'look', 'reserve', 'move', 'complete', 'rollBack'] as const;

/** Mostly in the order of a deployment, so that most of them come through. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.constant('next' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...STEPS) },
  { weight: 1, arbitrary: fc.constant('remove' as const) },
);

const nextOf = ({ before, given, used }: Stack, wanted: readonly PriorityParameter[]) => {
  if (before) return [wanted.length === 1 ? 'rollBack' : 'complete'] as const;
  if (given) return ['move'] as const;
  return used ? (['reserve'] as const) : (['claim', 'look'] as const);
};

type Move = readonly [place: number, word: (typeof STEPS)[number] | 'next' | 'remove', wanted: Stack['release']];

/** How often rules were made or changed. */
const played = (moves: readonly Move[]): number => {
  const { stacks, steps } = listenerOf();
  let moved = 0;
  for (const [place, chosen, wanted] of moves) {
    const stack = stacks[place];
    if (!stack) continue;
    for (const word of chosen === 'next' ? nextOf(stack, wanted) : [chosen]) {
      if (word === 'move') moved++;
      steps[word](stack, wanted);
    }
  }
  return moved;
};

test('however deployments of several stacks interleave, no rule is ever given a priority that another one has', () => {
  let moved = 0;
  const schedule = fc.array(fc.tuple(fc.nat(STACKS.length - 1), step, release), { minLength: 20, maxLength: 120 });
  fc.assert(
    fc.property(schedule, (moves) => {
      moved += played(moves);
    }),
    { numRuns: 300 },
  );
  expect(moved).toBeGreaterThan(300);
});
