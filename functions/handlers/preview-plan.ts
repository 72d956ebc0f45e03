import { previewPlan } from '../operations/preview-plan.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';
import { sqlParser } from '../runtime/wiring/sql-parser.ts';

export const handler = step('preview-plan', previewPlan, { ...records, ...clusters, ...sqlParser });
