import { expect, test } from '@jest/globals';
import { strategies } from '../../functions/domain/plan/strategy.ts';
import { chosenFlow, type Flow } from '../../statemachines/chosen-flow.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { flowGraph, flowMermaid, flowWords } from '../../statemachines/flow-graph.ts';
import { statesOf } from '../support/machine-states.ts';

const flow = (mode: string, databases: readonly string[] = ['main'], more = {}) =>
  chosenFlow(deployment, { '$.stack.strategy': 'full', '$.plan.answer.mode': mode, ...more }, databases);

const start = 'StackWait, StackCreate, (PGUpsert.main, PGEval.main | CFPlan), EvalJoin';
const migrate = 'PGMigrate.main, PGCleanup.main';

test.each([
  ['DOWNTIME', `${start}, ScaleDown, (InfraMigrate | ${migrate}), ScaleUp, Done`],
  ['BEFORE', `${start}, (InfraMigrate | ${migrate}), VersionMigrate, Done`],
  ['PARALLEL', `${start}, (CFUpsert | ${migrate}), Done`],
  ['AFTER', `${start}, VersionMigrate, ${migrate}, Done`],
  ['NOP', `${start}, VersionMigrate, Done`],
])('mode %s takes the steps of its own part of the machine', (mode, words) => {
  expect(flowWords(flow(mode))).toBe(words);
});

test('each database has its own steps, side by side; without one there are none', () => {
  expect(flowWords(flow('AFTER', ['main', 'log']))).toBe(
    'StackWait, StackCreate, (PGUpsert.main, PGEval.main | PGUpsert.log, PGEval.log | CFPlan), EvalJoin, VersionMigrate, (PGMigrate.main, PGCleanup.main | PGMigrate.log, PGCleanup.log), Done',
  );
  expect(flowWords(flow('DOWNTIME', []))).toBe(
    'StackWait, StackCreate, CFPlan, EvalJoin, ScaleDown, InfraMigrate, ScaleUp, Done',
  );
});

test('a plan that has to be signed waits for it, a quick deployment has none', () => {
  expect(flowWords(flow('NOP', [], { '$.plan.answer.approval': true }))).toContain('EvalJoin, AwaitApproval, Version');
  expect(flowWords(flow('NOP', ['main'], { '$.stack.strategy': 'quick' }))).toBe(
    'StackWait, StackCreate, (CFUpsert | PGUpsert.main, PGMigrate.main, PGCleanup.main), Done',
  );
});

test.each(strategies)('the steps of %s are states of the machine, each once, and end in Done', (strategy) => {
  const { steps, edges } = flowGraph(
    chosenFlow(deployment, { '$.stack.strategy': strategy, '$.plan.answer.mode': 'BEFORE' }, ['main', 'log']),
  );
  const states = new Set(statesOf(deployment).map(({ name }) => name.replace(/-.*$/, '')));
  expect(steps.filter((step) => !states.has(step.split('.')[0] ?? ''))).toEqual([]);
  expect(new Set(steps).size).toBe(steps.length);
  expect(steps.at(-1)).toBe('Done');
  // Whatever is not the first step follows another one.
  const followers = new Set(edges.map(([, to]) => to));
  expect(steps.filter((step) => !followers.has(step))).toEqual([steps[0]]);
});

const small: Flow = [
  { name: 'A', waits: true },
  [
    [
      { name: 'B.main', waits: false },
      { name: 'C', waits: false },
    ],
    [{ name: 'D-x', waits: true }],
  ],
  { name: 'E', waits: false },
];

test('a step follows all that stood side by side before it', () => {
  expect(flowGraph(small)).toEqual({
    steps: ['A', 'B.main', 'C', 'D-x', 'E'],
    edges: [
      ['A', 'B.main'],
      ['A', 'D-x'],
      ['B.main', 'C'],
      ['C', 'E'],
      ['D-x', 'E'],
    ],
  });
});

test('drawn by Mermaid, a waiting step has round ends and no name reads as an arrow', () => {
  expect(flowMermaid(small).split('\n')).toEqual([
    'flowchart TD',
    '  A(["A"])',
    '  B_main["B.main"]',
    '  C["C"]',
    '  D_x(["D-x"])',
    '  E["E"]',
    '  A --> B_main',
    '  A --> D_x',
    '  B_main --> C',
    '  C --> E',
    '  D_x --> E',
  ]);
});

test('F16: a machine that leads to a state it does not have is a fault', () => {
  expect(() => chosenFlow({ StartAt: 'Nowhere', States: {} }, {}, [])).toThrow('no state Nowhere');
});

test('every kind of rule finds its answer; what is not named is not so', () => {
  const way = (rule: object, answers: Record<string, string | boolean>) =>
    flowWords(
      chosenFlow(
        {
          StartAt: 'Ask',
          States: {
            Ask: { Type: 'Choice', Comment: '', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
            Yes: { Type: 'Task', Comment: '', Resource: 'x', Parameters: {}, TimeoutSeconds: 1, End: true },
            No: { Type: 'Task', Comment: '', Resource: 'x', Parameters: {}, TimeoutSeconds: 1, End: true },
          },
        },
        answers,
        [],
      ),
    );
  const is = { Variable: '$.a', StringEquals: 'x' };
  const isOn = { Variable: '$.b', BooleanEquals: true };
  expect(way(is, { '$.a': 'x' })).toBe('Yes');
  expect(way(is, {})).toBe('No');
  expect(way(isOn, { '$.b': true })).toBe('Yes');
  expect(way({ Variable: '$.b', BooleanEquals: false }, {})).toBe('Yes');
  expect(way({ Variable: '$.a', IsPresent: true }, {})).toBe('No');
  expect(way({ Variable: '$.a', IsPresent: false }, {})).toBe('Yes');
  expect(way({ And: [is, isOn] }, { '$.a': 'x' })).toBe('No');
  expect(way({ Or: [is, isOn] }, { '$.a': 'x' })).toBe('Yes');
  expect(way({ Not: is }, {})).toBe('Yes');
});
