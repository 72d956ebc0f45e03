import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import type { Machine, State } from '../../statemachines/define.ts';
import * as retries from '../../statemachines/retries.ts';
import { lockTimeout, transient } from '../../statemachines/retries.ts';
import { sourceOf } from '../support/import-graph.ts';
import { deployed, machines, type NamedState, statesOf } from '../support/machine-states.ts';

interface Validation {
  readonly isValid: boolean;
  errorsText(): string;
}
// CommonJS without types.
const validate = createRequire(import.meta.url)('asl-validator') as (
  definition: object,
  options: { readonly checkPaths: boolean; readonly checkArn: boolean },
) => Validation;

const checked = (definition: object): string => {
  const { isValid, errorsText } = validate(structuredClone(definition), { checkPaths: true, checkArn: true });
  return isValid ? '' : errorsText();
};

const each = Object.entries(machines);

test.each(each)('asl-validator finds nothing wrong with the %s machine', (_name, machine) => {
  expect(checked(deployed(machine))).toBe('');
});

test('asl-validator finds what is wrong with a machine', () => {
  const States = { A: { Type: 'Pass', Next: 'B' } };
  expect(checked({ StartAt: 'A', States })).toMatch(/B/);
});

// What asl-validator does not look for.
const rules: Readonly<Record<string, (state: State<string>) => boolean>> = {
  'a state without a comment': ({ Comment }) => !Comment,
  'a callback task that hands its token to nobody': (state) =>
    isTask(state) &&
    state.Resource.endsWith('.waitForTaskToken') &&
    !JSON.stringify(state.Parameters).includes('"$$.Task.Token"'),
  'a task without a timeout': (state) => isTask(state) && !state.TimeoutSeconds,
  'a heartbeat that no timeout is longer than': (state) =>
    isTask(state) && 'HeartbeatSeconds' in state && Number(state.HeartbeatSeconds) >= state.TimeoutSeconds,
  'a retry of everything, mistakes included': (state) =>
    retriersOf(state).some(({ ErrorEquals }) =>
      ErrorEquals.some((name) => name === 'States.ALL' || name === 'States.TaskFailed'),
    ),
  'a call that nobody tries again': (state) => isTask(state) && !retriersOf(state).includes(transient),
  'States.ALL before other errors': (state) =>
    'Catch' in state && (state.Catch ?? []).slice(0, -1).some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')),
};

const isTask = (state: State<string>) => state.Type === 'Task';
const retriersOf = (state: State<string>) => ('Retry' in state ? (state.Retry ?? []) : []);

const names = (states: readonly NamedState[]) => states.map(({ name }) => name);

test.each(Object.entries(rules))('no machine has %s', (_name, broken) => {
  for (const [, machine] of each) expect(names(statesOf(machine).filter(({ state }) => broken(state)))).toEqual([]);
});

test('each of these rules finds the state that breaks it', () => {
  const task = {
    Type: 'Task',
    Comment: 'breaks a rule',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { Payload: { 'taskToken.$': '$$.Task.Token' } },
    TimeoutSeconds: 60,
    Retry: [transient],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Rest' }],
    End: true,
  } as const satisfies State<string>;
  const breaking: Readonly<Record<string, State<string>>> = {
    'a state without a comment': { ...task, Comment: '' },
    'a callback task that hands its token to nobody': { ...task, Parameters: { Payload: {} } },
    'a task without a timeout': { ...task, TimeoutSeconds: 0 },
    'a heartbeat that no timeout is longer than': { ...task, ...{ HeartbeatSeconds: 60 } },
    'a retry of everything, mistakes included': {
      ...task,
      Retry: [transient, { ...lockTimeout, ErrorEquals: ['States.ALL'] }],
    },
    'a call that nobody tries again': { ...task, Retry: [lockTimeout] },
    'States.ALL before other errors': { ...task, Catch: [...task.Catch, { ...task.Catch[0], ErrorEquals: ['Other'] }] },
  };
  for (const [name, broken] of Object.entries(rules)) {
    expect([name, broken(task)]).toEqual([name, false]);
    expect([name, breaking[name] && broken(breaking[name])]).toEqual([name, true]);
  }
});

test.each(each)('F16: every state of the %s machine can be reached from its start', (_name, machine) => {
  expect(unreachable(machine)).toEqual([]);
  for (const { state } of statesOf(machine)) {
    if (state.Type === 'Parallel') expect(state.Branches.flatMap(unreachable)).toEqual([]);
    if (state.Type === 'Map') expect(unreachable(state.ItemProcessor)).toEqual([]);
  }
});

const unreachable = ({ StartAt, States }: Pick<Machine, 'StartAt' | 'States'>): readonly string[] => {
  const reached = new Set<string>();
  const visit = (name: string) => {
    const state = States[name];
    if (!state || reached.has(name)) return;
    reached.add(name);
    for (const next of targetsOf(state)) visit(next);
  };
  visit(StartAt);
  return Object.keys(States).filter((name) => !reached.has(name));
};

const targetsOf = (state: State<string>): readonly string[] => [
  ...('Next' in state ? [state.Next] : []),
  ...('Catch' in state ? (state.Catch ?? []).map(({ Next }) => Next) : []),
  ...(state.Type === 'Choice' ? [...state.Choices.map(({ Next }) => Next), state.Default] : []),
];

test.each(Object.entries(retries))('%s waits as long as its comment says', (name, policy) => {
  const { IntervalSeconds, BackoffRate, MaxAttempts } = policy;
  const waits = Array.from({ length: MaxAttempts }, (_, n) => IntervalSeconds * BackoffRate ** n);
  const total = waits.reduce((sum, wait) => sum + wait);
  const comment = sourceOf('statemachines/retries.ts').split(`export const ${name}`)[0]?.split('/**').at(-1);
  expect(comment?.replaceAll(/[\s*]+/g, ' ')).toContain(`Waits ${waits.join(' + ')} = ${total} s at most`);
});
