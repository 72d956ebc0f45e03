import { cfPlan } from '../operations/cf-plan.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('cf-plan', cfPlan, { ...records, ...clusters });
