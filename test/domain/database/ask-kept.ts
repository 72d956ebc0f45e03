import type { Client } from 'pg';
import type { Statement } from '../../../functions/domain/database/statement.ts';
import type { SqlAnswer } from '../../../functions/ports.ts';

/** Runs statements in order, answers as the function `sql` does, and leaves a session that is kept open as if it were new. */
export const askKept = async (client: Client, statements: readonly Statement[]): Promise<SqlAnswer> => {
  const results: Record<string, unknown>[][] = [];
  try {
    for (const { text, values } of statements) results.push((await client.query(text, values && [...values])).rows);
    return { kind: 'rows', results };
  } catch (error) {
    const { code = 'Unknown', message = 'no message' } = error as { code?: string; message?: string };
    return { kind: 'failed', statement: results.length, code, message };
  } finally {
    await client.query('DISCARD ALL');
  }
};
