import { pgDestroy } from '../operations/pg-destroy.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('pg-destroy', pgDestroy, { ...records, ...clusters });
