import { pgEval } from '../operations/pg-eval.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';
import { sqlParser } from '../runtime/wiring/sql-parser.ts';

export const handler = step('pg-eval', pgEval, { ...records, ...clusters, ...sqlParser });
