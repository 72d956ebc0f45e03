import { expect, test } from '@jest/globals';
import { setupWishFrom } from '../../../bin/setup/setup-wish.ts';

const wish = (switches: readonly string[], values: Readonly<Record<string, string>> = {}) =>
  setupWishFrom({ switches: new Set(switches), values });

test('without a word about what to do it looks, and creates what is not there', () => {
  expect(wish([], { stage: 'production' })).toEqual({
    kind: 'look-or-create',
    creation: { organization: undefined, name: undefined, port: 0 },
    replace: false,
  });
  expect(wish(['replace'], { organization: 'acme', name: 'x', port: '8080' })).toEqual({
    kind: 'look-or-create',
    creation: { organization: 'acme', name: 'x', port: 8080 },
    replace: true,
  });
});

test('each deed takes its own options', () => {
  expect(wish(['rotate-webhook-secret'])).toEqual({ kind: 'rotate-webhook-secret' });
  expect(wish(['drop-old-secret'], { directory: 'x', stack: 'y' })).toEqual({ kind: 'drop-old-secret' });
  expect(wish(['rotate-key'], { 'private-key': 'k.pem' })).toEqual({ kind: 'rotate-key', keyFile: 'k.pem' });
  expect(wish(['rotate-key'])).toEqual({ kind: 'rotate-key', keyFile: undefined });
  expect(wish(['webhook-secret-stdin'], { 'app-id': '12', 'private-key': 'k.pem' })).toEqual({
    kind: 'adopt',
    appId: 12,
    keyFile: 'k.pem',
    secretFromStdin: true,
  });
});

test.each([
  [['rotate-key', 'drop-old-secret'], {}, '--drop-old-secret takes no --rotate-key.'],
  [['rotate-webhook-secret'], { 'app-id': '12' }, '--rotate-webhook-secret takes no --app-id.'],
  [[], { 'app-id': '12', 'private-key': 'k', name: 'x' }, '--app-id takes no --name.'],
  [[], { 'private-key': 'k.pem' }, '--private-key needs --app-id ID.'],
  [['webhook-secret-stdin'], {}, '--webhook-secret-stdin needs --app-id ID.'],
  [[], { 'app-id': '12' }, '--app-id needs --private-key FILE'],
  [[], { 'app-id': 'slipway', 'private-key': 'k' }, 'found "slipway"'],
  [[], { port: '65536' }, 'found "65536"'],
  [[], { organization: 'https://github.com/acme' }, 'found "https://github.com/acme"'],
] as const)('%j with %j is refused in words', (switches, values, words) => {
  expect(wish(switches, values)).toContain(words);
});
