import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { webhookSecretsIn, webhookSecretText } from '../../functions/domain/webhook-secrets.ts';

test('one secret stands as it is, two as a list, the newer first', () => {
  expect(webhookSecretText(['new'])).toBe('new');
  expect(webhookSecretText(['new', 'old'])).toBe('["new","old"]');
});

test('the empty text is no secret: anybody could sign with it', () => {
  for (const text of ['', '[]', '[""]', '[null, 1]']) expect(webhookSecretsIn(text)).toEqual([]);
  expect(webhookSecretsIn('["", "real"]')).toEqual(['real']);
});

test('what is written is what is read, and any other text is a secret', () => {
  const secret = fc.stringMatching(/^[0-9A-Za-z_{}"-]{1,64}$/);
  fc.assert(
    fc.property(secret, secret, (one, other) => {
      expect(webhookSecretsIn(webhookSecretText([one]))).toEqual([one]);
      expect(webhookSecretsIn(webhookSecretText([one, other]))).toEqual([one, other]);
    }),
  );
});
