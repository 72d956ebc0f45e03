import { evalJoin } from '../operations/eval-join.ts';
import { step } from '../runtime/step.ts';
import { clusters } from '../runtime/wiring/clusters.ts';
import { github } from '../runtime/wiring/github.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('eval-join', evalJoin, { ...records, ...clusters, ...github });
