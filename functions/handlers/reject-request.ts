import { rejectRequest } from '../operations/reject-request.ts';
import { step } from '../runtime/step.ts';
import { github } from '../runtime/wiring/github.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('reject-request', rejectRequest, { ...records, ...github });
