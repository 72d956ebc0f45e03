import type { Database } from '../application/database.ts';
import { databaseName } from './names.ts';

/** What PostgreSQL calls a database of an application. */
export const realName = (
  { name, postgres: { dbNameSuffix = name } }: Database,
  environment: string,
  application: string,
): string => databaseName(environment, application, dbNameSuffix);
