import { acceptDeployment } from '../operations/accept-deployment.ts';
import { step } from '../runtime/step.ts';
import { github } from '../runtime/wiring/github.ts';
import { machines } from '../runtime/wiring/machines.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('accept-deployment', acceptDeployment, { ...records, ...machines, ...github });
