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
    const bytes = Buffer.from(sql, 'utf8');
    return { kind: 'parsed', statements: stmts.map((raw) => statementFrom(raw, bytes)) };
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    return { kind: 'unreadable', message: error.message, line: lineAt(sql, error.sqlDetails?.cursorPosition ?? 0) };
  }
};

interface RawStatement {
  readonly stmt?: object;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

/** Places are counted in bytes of UTF-8; a length of 0 means up to the end. */
const statementFrom = (raw: RawStatement, bytes: Buffer): ParsedStatement => {
  const start = raw.stmt_location ?? 0;
  const end = raw.stmt_len ? start + raw.stmt_len : bytes.length;
  const text = bytes.toString('utf8', start, end);
  const before = bytes.toString('utf8', 0, start) + text.slice(0, text.search(/\S/));
  return { line: lineAt(before, before.length), text: text.trim(), tree: { ...raw.stmt } };
};

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;
