import { sweep } from '../operations/sweep.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { github } from '../runtime/wiring/github.ts';
import { machines } from '../runtime/wiring/machines.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('sweep', sweep, { ...records, ...machines, ...clusters, ...github });
