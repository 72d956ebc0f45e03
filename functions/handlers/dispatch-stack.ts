import { dispatchStack } from '../operations/dispatch-stack.ts';
import { step } from '../runtime/step.ts';
import { github } from '../runtime/wiring/github.ts';
import { machines } from '../runtime/wiring/machines.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('dispatch-stack', dispatchStack, { ...records, ...machines, ...github });
