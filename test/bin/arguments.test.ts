import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseArguments, type Syntax } from '../../bin/arguments.ts';

const commands: readonly Syntax[] = [
  { name: 'local', says: '', operands: [], options: { once: { says: '' }, directory: { value: 'FOLDER', says: '' } } },
  { name: 'status', says: '', operands: ['[STACK]'], options: { json: { says: '' } } },
  {
    name: 'check',
    says: '',
    operands: ['[FILE...]'],
    options: { with: { value: 'FILE', repeats: true, says: '' } },
  },
  { name: 'approve', says: '', operands: ['DEPLOYMENT'], options: { hash: { value: 'HASH', says: '' } } },
];

const parsed = (line: string) => parseArguments(line.split(' ').filter(Boolean), commands);

describe('A command with its operands and options', () => {
  test.each([
    ['local', { operands: [], switches: [], values: {} }],
    ['local --once --directory state', { operands: [], switches: ['once'], values: { directory: 'state' } }],
    ['local --directory=state', { operands: [], switches: [], values: { directory: 'state' } }],
    ['local --directory=--odd', { operands: [], switches: [], values: { directory: '--odd' } }],
    ['status', { operands: [], switches: [], values: {} }],
    ['status --json dev-shop', { operands: ['dev-shop'], switches: ['json'], values: {} }],
    ['approve --hash 12 d-1', { operands: ['d-1'], switches: [], values: { hash: '12' } }],
    ['approve -- -d', { operands: ['-d'], switches: [], values: {} }],
  ])('is read from `%s`', (line, { operands, switches, values }) => {
    expect(parsed(line)).toEqual({
      kind: 'run',
      name: line.split(' ')[0],
      given: { operands, switches: new Set(switches), values },
    });
  });
});

test('an option that repeats keeps every value in order, and the last operand may be many', () => {
  expect(parsed('check a --with b c --with=d')).toEqual({
    kind: 'run',
    name: 'check',
    given: { operands: ['a', 'c'], switches: new Set(), values: {}, lists: { with: ['b', 'd'] } },
  });
  expect(parsed('check')).toMatchObject({ kind: 'run', given: { operands: [] } });
  expect(parsed('check --with')).toMatchObject({ kind: 'wrong', message: '--with needs a value: --with FILE.' });
});

describe('What cannot be meant is refused with the nearest known word', () => {
  test.each([
    ['', 'A command is missing.'],
    ['statsu', 'There is no command statsu; did you mean status?'],
    ['frobnicate', 'There is no command frobnicate.'],
    ['toString', 'There is no command toString.'],
    ['--once', 'There is no command --once.'],
    ['local --onse', 'slipway local has no option --onse; did you mean --once?'],
    ['local -x', 'slipway local has no option -x.'],
    ['local --constructor', 'slipway local has no option --constructor.'],
    ['local --once=yes', '--once takes no value, found "yes".'],
    ['local --directory', '--directory needs a value: --directory FOLDER.'],
    ['local --directory=', '--directory needs a value: --directory FOLDER.'],
    ['local --directory --once', '--directory needs a value: --directory FOLDER.'],
    ['local here', 'slipway local cannot take "here": it is one word too many.'],
    ['status one two', 'slipway status cannot take "two": it is one word too many.'],
    ['approve', 'slipway approve needs DEPLOYMENT.'],
  ])('`%s`', (line, message) => {
    expect(parsed(line)).toMatchObject({ kind: 'wrong', message });
  });
});

test.each([
  ['--help', undefined],
  ['-h', undefined],
  ['help', undefined],
  ['help status', 'status'],
  ['help nothing', undefined],
  ['status --help', 'status'],
  ['approve -h', 'approve'],
])('`%s` asks for help', (line, name) => {
  expect(parsed(line)).toEqual({ kind: 'help', ...(name && { name }) });
});

test('whatever is typed gets an answer, and only known options come through', () => {
  const word = fc.oneof(fc.constantFrom('local', 'status', 'approve', '--once', '--directory', '--'), fc.string());
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const answer = parseArguments(words, commands);
      if (answer.kind !== 'run') return;
      const known = commands.find(({ name }) => name === answer.name)?.options ?? {};
      for (const name of [...answer.given.switches, ...Object.keys(answer.given.values)])
        expect(Object.hasOwn(known, name)).toBe(true);
    }),
  );
});
