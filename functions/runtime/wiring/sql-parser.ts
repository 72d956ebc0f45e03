import { libpgParseSql } from '../../adapters/postgres/parse-sql.ts';
import type { ParseSql } from '../../ports.ts';

export const sqlParser = { parseSql: (): ParseSql => libpgParseSql };
