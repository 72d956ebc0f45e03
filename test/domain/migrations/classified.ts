import { libpgParseSql } from '../../../functions/adapters/postgres/parse-sql.ts';
import { classify } from '../../../functions/domain/migrations/classify.ts';
import { type BatchContext, contextAfter, emptyContext } from '../../../functions/domain/migrations/created.ts';
import type { StatementFinding } from '../../../functions/domain/migrations/migrations.ts';

/** Findings of a script's statements, each in the context of those before it. */
export const classified = async (
  sql: string,
  known: Partial<BatchContext> = {},
): Promise<readonly StatementFinding[]> => {
  const parsed = await libpgParseSql(sql);
  if (parsed.kind === 'unreadable') throw new Error(`${parsed.message} in ${sql}`);
  let context: BatchContext = { ...emptyContext, ...known };
  const findings: StatementFinding[] = [];
  for (const statement of parsed.statements) {
    findings.push(classify(statement, context));
    context = contextAfter(statement.tree, context);
  }
  return findings;
};

/** The finding of the last statement. */
export const lastOf = async (sql: string, known: Partial<BatchContext> = {}): Promise<StatementFinding> => {
  const finding = (await classified(sql, known)).at(-1);
  if (finding === undefined) throw new Error(`No statement in ${sql}`);
  return finding;
};
