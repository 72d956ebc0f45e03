import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import type { Machine, State } from '../../statemachines/define.ts';
import * as retries from '../../statemachines/retries.ts';
import { sourceOf } from '../support/import-graph.ts';
import { deployed, machines, statesOf } from '../support/machine-states.ts';

interface Validation {
  readonly isValid: boolean;
  errorsText(): string;
}
// Both are CommonJS without types.
const require = createRequire(import.meta.url);
const validate = require('asl-validator') as (
  definition: object,
  options: { readonly checkPaths: boolean; readonly checkArn: boolean },
) => Validation;
const stateLint = require('@wmfs/statelint') as () => { validate(definition: object): readonly string[] };

const checked = (definition: object): string => {
  const { isValid, errorsText } = validate(structuredClone(definition), { checkPaths: true, checkArn: true });
  return isValid ? '' : errorsText();
};

const linter = stateLint();
const linted = (definition: object): readonly string[] => linter.validate(structuredClone(definition));

const each = Object.entries(machines);

test.each(each)('asl-validator finds nothing wrong with the %s machine', (_name, machine) => {
  expect(checked(deployed(machine))).toBe('');
});

test.each(each)('statelint finds nothing wrong with the %s machine', (_name, machine) => {
  expect(linted(deployed(machine))).toEqual([]);
});

test('asl-validator finds what is wrong with a machine', () => {
  const States = { A: { Type: 'Pass', Next: 'B' } };
  expect(checked({ StartAt: 'A', States })).toMatch(/B/);
});

test('statelint finds what asl-validator lets pass', () => {
  const lost = [
    { ErrorEquals: ['States.ALL'], Next: 'B' },
    { ErrorEquals: ['Other'], Next: 'B' },
  ];
  const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: {}, Catch: lost, Next: 'B' };
  const broken = { StartAt: 'A', States: { A: task, B: { Type: 'Succeed' } } };
  expect(checked(broken)).toBe('');
  expect(linted(broken)).toEqual([expect.stringContaining('States.ALL can only appear in the last element')]);
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
