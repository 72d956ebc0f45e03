import { reconcile } from '../operations/reconcile.ts';
import { step } from '../runtime/step.ts';
import { github } from '../runtime/wiring/github.ts';
import { machines } from '../runtime/wiring/machines.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('reconcile', reconcile, { ...records, ...machines, ...github });
