import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identifier, literal } from '../../../functions/domain/database/identifier.ts';
import {
  applicationLogin,
  databaseNameProblem,
  migratorLogin,
  nextLogin,
} from '../../../functions/domain/database/logins.ts';
import { databaseSecret, readServerLogin } from '../../../functions/domain/database/secret.ts';

test("the admin's secret is read in the original's shape and in that of RDS", () => {
  const expected = { host: 'db', port: 5432, user: 'admin', password: 'p', database: 'postgres' };
  const original = { dbuser: 'admin', dbpass: 'p', dbhost: 'db', dbname: '', dburl: 'postgres://x' };
  expect(readServerLogin(JSON.stringify(original))).toEqual(expected);
  expect(readServerLogin(JSON.stringify({ ...original, dbhost: 'db:6000', dbname: 'x' }))).toEqual({
    ...expected,
    port: 6000,
    database: 'x',
  });
  expect(
    readServerLogin(JSON.stringify({ engine: 'postgres', username: 'admin', password: 'p', host: 'db', port: 6000 })),
  ).toEqual({ ...expected, port: 6000 });
  expect(
    readServerLogin(JSON.stringify({ username: 'admin', password: 'p', host: 'db', port: '6000', dbname: 'x' })),
  ).toMatchObject({ port: 6000, database: 'x' });
});

test('anything else is no secret of a server', () => {
  for (const document of [
    '',
    'x',
    '{}',
    '[]',
    'null',
    '{"username":"a","password":"b"}',
    '{"dbuser":"","dbpass":"","dbhost":"x"}',
  ])
    expect(readServerLogin(document)).toBeUndefined();
});

test('what is written for an application reads back as written, whatever is in the password', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.boolean(), (password, tls) => {
      const login = { host: '127.0.0.1', port: 6000, user: 'shop_1', password, database: 'shop' };
      const document = databaseSecret({ ...login, tls });
      expect(readServerLogin(document)).toEqual(login);
      const url = new URL(JSON.parse(document).dburl);
      expect(decodeURIComponent(url.password)).toBe(password);
      expect(url.search).toBe(tls ? '' : '?sslmode=disable');
    }),
  );
});

test('logins follow each other, and the first one follows any other', () => {
  expect(applicationLogin('shop', 1)).toBe('shop_1');
  expect(migratorLogin('shop')).toBe('shop_migrate');
  expect(nextLogin('shop', 'shop_9')).toBe('shop_10');
  for (const login of [undefined, 'shop', 'other_3', 'shop_1700000000', 'shop_migrate'])
    expect(nextLogin('shop', login)).toBe('shop_1');
});

test('names that PostgreSQL would cut short are refused', () => {
  expect(databaseNameProblem('prod_shop_main')).toBeUndefined();
  expect(databaseNameProblem('a'.repeat(56))).toMatch(/55 are the most/);
  expect(databaseNameProblem('prod-shop')).toMatch(/letters, digits/);
  expect(() => identifier('ü'.repeat(32))).toThrow(RangeError);
  expect(() => migratorLogin('a'.repeat(56))).toThrow(RangeError);
});

test('quotes and backslashes cannot end a name or a literal', () => {
  expect(identifier('a"b')).toBe('"a""b"');
  expect(literal("a'b")).toBe("'a''b'");
  expect(literal("a\\'b")).toBe("E'a\\\\''b'");
  expect(() => literal('\0')).toThrow(RangeError);
});
