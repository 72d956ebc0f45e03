import { importPlan } from '../operations/import-plan.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('import-plan', importPlan, { ...records, ...clusters });
