import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Receipt, receivedFrom } from '../../functions/domain/receive.ts';

const push = (more: object = {}) => ({
  kind: 'push',
  deliveryId: 'd0a1',
  repositoryId: '1001',
  owner: 'acme',
  name: 'shop',
  ref: 'refs/heads/main',
  before: 'b'.repeat(40),
  after: 'a'.repeat(40),
  actor: 'alice',
  ...more,
});
const manual = (more: object = {}) => ({
  id: 'release-7',
  repository: 'acme/shop',
  ref: 'refs/heads/main',
  environment: 'prod',
  actor: 'alice',
  ...more,
});
const reasonOf = (receipt: Receipt) => `${receipt.outcome}: ${receipt.reason}`;

test('a push becomes a request for its repository and commit', () => {
  expect(receivedFrom(push())).toEqual({
    outcome: 'RECEIVED',
    reason: 'A push',
    repositoryName: 'acme/shop',
    request: {
      id: 'd0a1',
      kind: 'push',
      repository: { id: '1001', owner: 'acme', name: 'shop', installationId: '' },
      ref: 'refs/heads/main',
      before: 'b'.repeat(40),
      commit: 'a'.repeat(40),
      actor: 'alice',
    },
  });
  expect(receivedFrom(push({ ref: 'refs/tags/v1' })).outcome).toBe('RECEIVED');
  expect(receivedFrom(push({ before: '0'.repeat(40) })).outcome).toBe('RECEIVED');
});

test.each([
  ['a deleted branch', { after: '0'.repeat(40) }, 'IGNORED: refs/heads/main was deleted'],
  ['a deleted tag', { ref: 'refs/tags/v1', after: '0'.repeat(64) }, 'IGNORED: refs/tags/v1 was deleted'],
  ['a ref of another kind', { ref: 'refs/pull/1/head' }, 'IGNORED: refs/pull/1/head is neither a branch nor a tag'],
  ['a branch without a name', { ref: 'refs/heads/' }, 'IGNORED: refs/heads/ is neither a branch nor a tag'],
])('%s is ignored', (_, more, expected) => {
  expect(reasonOf(receivedFrom(push(more)))).toBe(expected);
});

test.each([
  ['a field that is missing', { after: undefined }, 'after: after is required: expected text'],
  ['a repository that is no number', { repositoryId: 'x' }, 'repositoryId: '],
])('a push with %s is refused as a push', (_, more, expected) => {
  expect(reasonOf(receivedFrom(push(more)))).toContain(`REJECTED: The request cannot be read: ${expected}`);
});

test('a request by hand names a ref or a commit of a repository', () => {
  const expected = { id: 'release-7', kind: 'manual', environment: 'prod', actor: 'alice' };
  expect(receivedFrom(manual())).toEqual({
    outcome: 'RECEIVED',
    reason: 'A manual request',
    repositoryName: 'acme/shop',
    request: { ...expected, ref: 'refs/heads/main' },
  });
  const commit = 'c'.repeat(40);
  const more = { kind: 'manual', ref: undefined, commit, application: 'a.yaml', strategy: 'quick' };
  expect(receivedFrom(manual(more))).toMatchObject({
    request: { ...expected, commit, application: 'a.yaml', strategy: 'quick' },
  });
});

test('a request by hand may bring its application file', () => {
  const receipt = receivedFrom(manual({ repository: undefined, ref: undefined, inline: 'name: shop' }));
  expect(receipt).toMatchObject({ outcome: 'RECEIVED', request: { inline: 'name: shop' } });
  expect(receipt).not.toHaveProperty('repositoryName');
});

test.each([
  ['nothing to deploy', { ref: undefined }],
  ['a ref without a repository', { repository: undefined }],
  ['neither', { repository: undefined, ref: undefined }],
  ['a file beside a ref', { inline: 'name: shop' }],
  ['a file beside a repository', { inline: 'name: shop', ref: undefined }],
])('a request by hand with %s is refused', (_, more) => {
  expect(reasonOf(receivedFrom(manual(more)))).toBe(
    'REJECTED: A request names either a repository with a ref or a commit, or an inline application file',
  );
});

test.each([
  [{ kind: 'pusch' }, 'kind: expected one of push, manual, found "pusch" (did you mean "push"?)'],
  [{ enviroment: 'prod' }, 'enviroment: no such key (did you mean "environment"?)'],
  [{ somethingElse: 1 }, 'somethingElse: no such key'],
  [{ strategy: 'qick' }, 'strategy: There is no strategy qick (did you mean "quick"?): it is one of full, '],
  [{ strategy: ['db-only', 'infra-only'] }, 'strategy: db-only and infra-only cannot go together'],
  [{ strategy: 5 }, 'strategy: a strategy, or a list of words'],
  [{ environment: undefined }, 'environment: environment is required: expected text'],
  [{ environment: '' }, 'environment: expected at least 1 characters, found ""'],
  [{ environment: 5 }, 'environment: expected text, found 5: put it in quotes'],
  [{ id: '../x' }, 'id: letters, digits and dashes, at most 64'],
  [{ id: 'x'.repeat(65) }, 'id: letters, digits and dashes, at most 64'],
  [{ repository: 'shop' }, 'repository: owner/name'],
  [{ ref: 'main' }, 'ref: '],
  [{ commit: 'c0ffee' }, 'commit: 40 hexadecimal digits'],
])('a bad word of a request by hand is named with its place: %j', (more, expected) => {
  expect(reasonOf(receivedFrom(manual(more)))).toContain(`REJECTED: The request cannot be read: ${expected}`);
});

test('everything that is wrong is said at once', () => {
  const { reason } = receivedFrom({ id: '!', environment: 5, colour: 'red' });
  expect(reason.split('; ')).toEqual([
    'The request cannot be read: id: letters, digits and dashes, at most 64',
    'environment: expected text, found 5: put it in quotes',
    'actor: actor is required: expected text',
    'colour: no such key',
  ]);
});

test.each([null, undefined, 5, 'push', [], [push()]])('%j is no request', (input) => {
  expect(reasonOf(receivedFrom(input))).toMatch(/^REJECTED: The request cannot be read: /);
});

test('whatever comes gets an outcome with a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ kind: fc.constantFrom('push', 'manual'), id: fc.anything() })),
      (input) => {
        expect(receivedFrom(input).reason).not.toBe('');
      },
    ),
  );
});
