import { runSql } from '../adapters/postgres/sql-function.ts';
import { sql } from '../runtime/sql.ts';

export const handler = sql(runSql);
