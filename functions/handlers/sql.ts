import { runSql } from '../adapters/postgres/sql-function.ts';

export const handler = (event: unknown) => runSql(event);
