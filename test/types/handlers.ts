// Compiled, never run: the line below each expectation must not compile.
import type { FunctionRow } from '../../functions/manifest.ts';
import { cfPlan } from '../../functions/operations/cf-plan.ts';
import { loadStep, type StepInput } from '../../functions/operations/step-context.ts';
import { step } from '../../functions/runtime/step.ts';
import { clusters } from '../../functions/runtime/wiring/clusters.ts';
import { records } from '../../functions/runtime/wiring/records.ts';

step('cf-plan', cfPlan, { ...records, ...clusters });

// @ts-expect-error the operation reaches into a cluster, and nobody hands it the port
step('cf-plan', cfPlan, { ...records });

// @ts-expect-error a port that the operation does not have
step('cf-plan', cfPlan, { ...records, ...clusters, stacks: () => 'no store' });

declare const input: StepInput;

// @ts-expect-error ports are handed over whole, not in part
loadStep({}, input);

const row = { name: 'a', home: 'control', timeoutSeconds: 1, memoryMegabytes: 128 } as const;

// @ts-expect-error a table that does not exist
export const foreign: FunctionRow = { ...row, tables: { OTHER_TABLE: 'read' } };

// @ts-expect-error a grant that nobody has thought of
export const granted: FunctionRow = { ...row, machines: ['stop'] };
