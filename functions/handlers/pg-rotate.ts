import { pgRotate } from '../operations/pg-rotate.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('pg-rotate', pgRotate, { ...records, ...clusters });
