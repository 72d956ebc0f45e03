import { findTargets } from '../operations/find-targets.ts';
import { step } from '../runtime/step.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('find-targets', findTargets, { ...records });
