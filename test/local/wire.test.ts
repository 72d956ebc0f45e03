import { expect, test } from '@jest/globals';
import { decodeForm, xml } from '../../infra/local/wire/query.ts';

test('a query form becomes nested values, lists without their offset', () => {
  const form = new URLSearchParams({
    'Parameters.member.1.ParameterKey': 'A',
    'Parameters.member.1.ParameterValue': '1',
    'Parameters.member.2.ParameterKey': 'B',
    'Capabilities.member.1': 'CAPABILITY_IAM',
    StackName: 'shop',
  });
  expect(decodeForm(form)).toEqual({
    Parameters: [{ ParameterKey: 'A', ParameterValue: '1' }, { ParameterKey: 'B' }],
    Capabilities: ['CAPABILITY_IAM'],
    StackName: 'shop',
  });
});

test('XML escapes text and writes lists as members', () => {
  expect(xml('Names', ['a<b', 'c&d'])).toBe('<Names><member>a&#60;b</member><member>c&#38;d</member></Names>');
  expect(xml('At', new Date(0))).toBe('<At>1970-01-01T00:00:00.000Z</At>');
  expect(xml('Nothing', undefined)).toBe('');
});
