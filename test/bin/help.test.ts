import { expect, test } from '@jest/globals';
import { helpFor, optionWords, overview } from '../../bin/help.ts';

const apply = {
  name: 'apply',
  says: 'stores a file',
  operands: ['FILE'],
  options: { actor: { value: 'NAME', says: 'who you are' }, json: { says: 'as JSON' } },
};
const status = { name: 'status', says: 'shows stacks', operands: ['[STACK]'], options: {} };

test('the overview has a line for each command, in columns', () => {
  expect(overview([apply, status])).toEqual(
    expect.arrayContaining(['  apply FILE      stores a file', '  status [STACK]  shows stacks']),
  );
});

test('the help of a command lists its options, in columns', () => {
  expect(helpFor(apply)).toEqual([
    'slipway apply FILE [options]: stores a file',
    '',
    '  --actor NAME  who you are',
    '  --json        as JSON',
  ]);
});

test('an option that may be given several times shows it', () => {
  expect(optionWords('application', { value: 'FILE', repeats: true, says: '' })).toBe('--application FILE...');
});

test('a command without options has one line of help', () => {
  expect(helpFor(status)).toEqual(['slipway status [STACK]: shows stacks']);
});
