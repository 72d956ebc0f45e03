import { scaleUp } from '../operations/scale-up.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { machines } from '../runtime/wiring/machines.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('scale-up', scaleUp, { ...records, ...machines, ...clusters });
