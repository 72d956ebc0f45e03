import { expect, test } from '@jest/globals';
import type { State } from '../../statemachines/define.ts';
import { lockTimeout, transient } from '../../statemachines/retries.ts';
import { aslRules } from '../support/asl-rules.ts';
import { machines, type NamedState, statesOf } from '../support/machine-states.ts';

const each = Object.entries(machines);

test.each(Object.entries(aslRules))('no machine has %s', (_name, breaks) => {
  for (const [machine, definition] of each) {
    const broken = statesOf(definition).filter(breaks);
    expect([machine, broken.map(({ name }) => name)]).toEqual([machine, []]);
  }
});

test.each(each)('no name stands for two states of the %s machine', (_name, machine) => {
  const names = statesOf(machine).map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each(each)('nothing in the %s machine may wait longer than the machine itself', (_name, machine) => {
  const longest = statesOf(machine).map(({ state }) => (state.Type === 'Task' ? state.TimeoutSeconds : 0));
  expect(Math.max(...longest)).toBeLessThan(machine.TimeoutSeconds);
});

const task = {
  Type: 'Task',
  Comment: 'breaks no rule',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: '${ScaleDown}', Payload: { 'taskToken.$': '$$.Task.Token' } },
  TimeoutSeconds: 61,
  Retry: [transient],
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Rest' }],
  End: true,
} as const satisfies State<string>;

const state = (more: object = {}): NamedState => ({ name: 'ScaleDown', within: [], state: { ...task, ...more } });
const unknown = { ...task.Parameters, FunctionName: '${ScaleSideways}' };

/** For each rule, what breaks it and, beside it where the border is, what only just does not. */
const cases: readonly (readonly [rule: string, breaking: NamedState, sound?: NamedState])[] = [
  ['a state without a comment', state({ Comment: '' })],
  [
    'a state with a name of more than 80 characters',
    { ...state(), name: 'A'.repeat(81) },
    { ...state(), name: 'A'.repeat(80) },
  ],
  [
    'a task of another kind than the two that are known',
    state({ Resource: 'arn:aws:states:::ecs:runTask.sync' }),
    state({ Resource: 'arn:aws:states:::lambda:invoke' }),
  ],
  ['a task that calls a function without a row', state({ Parameters: unknown })],
  [
    'a callback task that hands its token to nobody',
    // Beside the payload, where no function reads it.
    state({ Parameters: { ...task.Parameters, Payload: {}, 'Qualifier.$': '$$.Task.Token' } }),
  ],
  [
    'a token where nobody waits for it',
    state({ Resource: 'arn:aws:states:::lambda:invoke' }),
    state({ Resource: 'arn:aws:states:::lambda:invoke', Parameters: { ...task.Parameters, Payload: {} } }),
  ],
  ['a task without a timeout', state({ TimeoutSeconds: undefined })],
  ['a task that is given up while its function works', state({ TimeoutSeconds: 60 })],
  ['a heartbeat that no timeout is longer than', state({ HeartbeatSeconds: 61 }), state({ HeartbeatSeconds: 60 })],
  [
    'a retry of everything, mistakes included',
    state({ Retry: [transient, { ...lockTimeout, ErrorEquals: ['States.ALL'] }] }),
    state({ Retry: [transient, { ...lockTimeout, ErrorEquals: ['States.Timeout'] }] }),
  ],
  ['a call that nobody tries again', state({ Retry: [lockTimeout] }), state({ Retry: [lockTimeout, transient] })],
  [
    'a failure inside a Parallel or a Map that stops its siblings',
    { ...state({ Catch: [{ ...task.Catch[0], ErrorEquals: ['Other'] }] }), within: ['Before'] },
    { ...state(), within: ['Before'] },
  ],
];

test.each(cases)(
  'the rule against %s finds the state that breaks it, and only that',
  (rule, ...[breaking, sound = state()]) => {
    expect(aslRules[rule]?.(breaking)).toBe(true);
    for (const fine of [state(), sound]) expect(aslRules[rule]?.(fine)).toBe(false);
  },
);

test('every rule has a state that breaks it', () => {
  expect(cases.map(([rule]) => rule).sort()).toEqual(Object.keys(aslRules).sort());
});
