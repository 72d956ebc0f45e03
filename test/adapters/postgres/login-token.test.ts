import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loginToken, secretPartsOf } from '../../../functions/adapters/postgres/login-token.ts';
import { credentialScopeOf, querySignature } from '../../../infra/local/iam/query-signature.ts';

const signer = {
  region: 'eu-west-1',
  accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const sessionToken = 'IQoJb3JpZ2luX2VjE//+ab==';
const moment = new Date('2026-11-21T16:00:05.678Z');

test('a token is an address and a query, signed for one server and one user, without a protocol', async () => {
  const login = { host: 'main.abc123.eu-west-1.rds.amazonaws.com', port: 5432, user: 'prod_o5admin' };
  const token = await loginToken(login, { ...signer, sessionToken }, moment);
  const [address, search] = token.split('/?');
  expect(address).toBe('main.abc123.eu-west-1.rds.amazonaws.com:5432');
  // The signature is the one that the SDK's own signer gives.
  expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
    Action: 'connect',
    DBUser: 'prod_o5admin',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'ASIAEXAMPLEEXAMPLE00/20261121/eu-west-1/rds-db/aws4_request',
    'X-Amz-Date': '20261121T160005Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': sessionToken,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '1aee1caca3796045378c66a1de13a80f401624bc97c60c034624d52752bd69cd',
  });
});

test('what a form writes otherwise than a signature is written as it was signed', async () => {
  const token = await loginToken({ host: '127.0.0.1', port: 23_456, user: 'a user~*' }, signer, moment);
  expect(token).toMatch(/[?&]DBUser=a%20user/);
  expect(token).toContain('X-Amz-Signature=312f327854360ef2b6c143c97a916b1e79e3544a01f9bc026fd9ed6ecc017e0c');
  expect(token).not.toContain('Security-Token');
});

test('every token bears the signature that whoever reads it works out', async () => {
  const texts = fc.string({ minLength: 1, unit: 'grapheme' });
  const inputs = fc.record({
    user: texts,
    sessionToken: texts,
    secretAccessKey: texts,
    port: fc.integer({ min: 1150, max: 65_535 }),
  });
  await fc.assert(
    fc.asyncProperty(inputs, async ({ user, port, ...secrets }) => {
      const token = await loginToken({ host: 'db.example', port, user }, { ...signer, ...secrets }, moment);
      const query = new URLSearchParams(token.slice(token.indexOf('?')));
      const scope = credentialScopeOf(query);
      expect(query.get('DBUser')).toBe(user);
      expect(scope).toEqual({
        accessKeyId: signer.accessKeyId,
        day: '20261121',
        region: 'eu-west-1',
        service: 'rds-db',
      });
      expect(
        scope && querySignature({ host: `db.example:${port}`, path: '/', query }, scope, secrets.secretAccessKey),
      ).toBe(query.get('X-Amz-Signature'));
    }),
    { numRuns: 50 },
  );
});

test('its secret parts are itself, and signature, session and key in both spellings', async () => {
  const login = { host: 'db.example', port: 5432, user: 'x' };
  const token = await loginToken(login, { ...signer, sessionToken }, moment);
  const signature = new URLSearchParams(token).get('X-Amz-Signature');
  const parts = secretPartsOf(token).filter((part) => part !== '');
  expect(new Set(parts)).toEqual(
    new Set([
      token,
      signature,
      sessionToken,
      encodeURIComponent(sessionToken),
      'ASIAEXAMPLEEXAMPLE00/20261121/eu-west-1/rds-db/aws4_request',
      'ASIAEXAMPLEEXAMPLE00%2F20261121%2Feu-west-1%2Frds-db%2Faws4_request',
    ]),
  );
});
