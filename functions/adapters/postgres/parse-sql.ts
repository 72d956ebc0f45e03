import type { ParsedStatement, ParseSql } from '../../ports.ts';

/**
 * PostgreSQL 18's own parser, as WebAssembly. The library reads `libpg-query.wasm` from the folder of the file that its
 * code runs in: `node_modules/libpg-query/wasm` here, the folder of the bundle in Lambda. So a bundle needs that file
 * copied beside it, and, being ESM, a banner that defines `require` and `__dirname`. It is loaded (11 ms, and 22 for the
 * file) by the first parse, so that a function that never parses needs neither.
 */
export const libpgParseSql: ParseSql = async (sql) => {
  if (sql.trim() === '') return { kind: 'parsed', statements: [] };
  const { hasSqlDetails, parse } = await import('libpg-query');
  try {
    const { stmts = [] } = await parse(sql);
    return { kind: 'parsed', statements: statementsFrom(stmts, Buffer.from(sql, 'utf8')) };
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    return {
      kind: 'unreadable',
      message: error.message,
      line: lineAt(sql.slice(0, error.sqlDetails?.cursorPosition ?? 0)),
    };
  }
};

interface RawStatement {
  readonly stmt?: object;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

/** Places are counted in bytes of UTF-8; a length of 0 means up to the end. */
const statementsFrom = (stmts: readonly RawStatement[], bytes: Buffer): readonly ParsedStatement[] => {
  const statements: ParsedStatement[] = [];
  let counted = { position: 0, line: 1 };
  for (const raw of stmts) {
    const start = raw.stmt_location ?? 0;
    const text = bytes.toString('utf8', start, raw.stmt_len ? start + raw.stmt_len : bytes.length);
    counted = { position: start, line: counted.line + lineAt(bytes.toString('utf8', counted.position, start)) - 1 };
    const blank = text.slice(0, text.search(/\S/));
    statements.push({ line: counted.line + lineAt(blank) - 1, text: text.trim(), tree: { ...raw.stmt } });
  }
  return statements;
};

/** The line that a text ends on, counted from 1. */
const lineAt = (text: string): number => text.split('\n').length;
