import { cancelUpdates } from '../operations/cancel-updates.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('cancel-updates', cancelUpdates, { ...records, ...clusters });
