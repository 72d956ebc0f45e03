import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskLiterals } from '../../../functions/domain/migrations/mask-literals.ts';

test.each([
  ["INSERT INTO t1 VALUES ('a''b', 12, -3.5e2)", 'INSERT INTO t1 VALUES (?, ?, -?)'],
  ['SELECT "a \'b\' ""c" -- d\nFROM t', 'SELECT "a \'b\' ""c" FROM t'],
  ["SELECT E'a\\'b', U&'x', B'01', N'n', e''", 'SELECT ?, ?, ?, ?, ?'],
  ['DO $x$ BEGIN $$ y $$ END $x$ LANGUAGE plpgsql', 'DO ? LANGUAGE plpgsql'],
  ["/* 'a */ SELECT $1", 'SELECT ?'],
  ["SELECT 'open", 'SELECT ?'],
  ['CREATE TABLE été2 (a$b int)', 'CREATE TABLE été2 (a$b int)'],
])('%s reads %s', (sql, masked) => {
  expect(maskLiterals(sql)).toBe(masked);
});

test('a long statement is one line of 120 characters', () => {
  expect(maskLiterals(`SELECT ${'column_name,\n'.repeat(100)} 1`)).toHaveLength(120);
});

test('no literal is ever to be read, whatever stands around it', () => {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const literal = fc.constantFrom<(text: string) => string>(
    quoted,
    (text) => `E${quoted(text.replaceAll('\\', '\\\\'))}`,
    (text) => `$q$${text.replaceAll('$', '')}$q$`,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(literal, fc.string())), (parts) => {
      const sql = parts.map(([write, noise]) => `SELECT ${write(`${noise}SECRET`)}`).join(', ');
      expect(maskLiterals(sql)).not.toContain('SECRET');
    }),
  );
});
