import { expect, test } from '@jest/globals';
import { libpgParseSql } from '../../../functions/adapters/postgres/parse-sql.ts';

test('statements carry their first line and their own text, with letters of several bytes before them', async () => {
  const parsed = await libpgParseSql("-- é\n\nselect 'ü';\n\n  /* ß */\n  drop table a;\n");
  expect(parsed).toMatchObject({
    kind: 'parsed',
    statements: [
      { line: 3, text: "select 'ü'" },
      { line: 6, text: 'drop table a' },
    ],
  });
});

test('a last statement without a semicolon is read to its end', async () => {
  const parsed = await libpgParseSql('select 1;\nselect 2 -- two');
  expect(parsed).toMatchObject({ kind: 'parsed', statements: [{ line: 1 }, { line: 2 }] });
});

test('a script of nothing but comments and blanks has no statements', async () => {
  for (const sql of ['', ' \n', '-- only this', '/* and */ -- that'])
    expect(await libpgParseSql(sql)).toEqual({ kind: 'parsed', statements: [] });
});

test('a script that PostgreSQL would refuse is unreadable, with the line', async () => {
  expect(await libpgParseSql("select 1;\nselect 'é';\ncreat table x ();")).toEqual({
    kind: 'unreadable',
    line: 3,
    message: 'syntax error at or near "creat"',
  });
});

test('brackets without end are refused, and the parser goes on working', async () => {
  const deep = `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`;
  expect((await libpgParseSql(deep)).kind).toBe('unreadable');
  expect((await libpgParseSql('select 1')).kind).toBe('parsed');
});
