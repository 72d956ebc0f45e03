import { receivePush } from '../operations/receive-push.ts';
import { step } from '../runtime/step.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('receive-push', receivePush, { ...records });
