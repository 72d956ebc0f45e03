import { resolvedProperties } from '../changes/changes.ts';
import { deletionPolicyOf, notesOf, updateReplacePolicyOf } from '../changes/comparison.ts';
import { exportedValue } from '../exports.ts';
import type { Blueprint, ResourceRecord } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { scopeOf } from '../template/scope.ts';
import { own } from '../template/template.ts';
import { change, create } from './bring.ts';
import { type Run, reasonOf, Stopped } from './context.ts';
import { runGraph } from './run-graph.ts';
import { failed } from './steps.ts';

/** Brings every resource to what the template says; answers the logical ids that failed, by what failed about them. */
export const forward = async (run: Run, wanted: Prepared): Promise<{ create: string[]; update: string[] }> => {
  const failed = { create: [] as string[], update: [] as string[] };
  const bring = async (logicalId: string): Promise<boolean> => {
    const record = await bringOne(run, wanted, logicalId);
    if (record.step?.state !== 'FAILED') return true;
    failed[record.status === 'CREATE_FAILED' ? 'create' : 'update'].push(logicalId);
    // Siblings under way finish or give up; none starts any more.
    run.abort();
    return false;
  };
  await runGraph(wanted.graph, bring, () => run.signal.aborted);
  return { create: failed.create.sort(), update: failed.update.sort() };
};

/** What a reference gives while the operation runs: the resource as it is now. */
export const liveScope = ({ records, operation }: Pick<Run, 'records' | 'operation'>, wanted: Prepared) =>
  scopeOf(
    wanted,
    (logicalId) => records.resource(operation.stackId, logicalId)?.current,
    (name) => exportedValue(records, name),
  );

const bringOne = async (run: Run, wanted: Prepared, logicalId: string): Promise<ResourceRecord> => {
  const record = recordOf(run, wanted, logicalId);
  const { operation, world } = run;
  if (
    record.step?.operation === operation.number &&
    record.step.phase === operation.phase &&
    record.step.state === 'DONE'
  )
    return record;
  try {
    const blueprint = blueprintOf(run, wanted, logicalId);
    return record.current
      ? await change(run, record, record.current, blueprint, wanted)
      : await create(run, record, blueprint);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    world.log(`cloudformation: ${operation.stackId} ${logicalId}: ${reasonOf(error)}`);
    return failed(run, record, error);
  }
};

const recordOf = ({ records, operation, world }: Run, wanted: Prepared, logicalId: string): ResourceRecord =>
  records.resource(operation.stackId, logicalId) ?? {
    stackId: operation.stackId,
    logicalId,
    type: own(wanted.template.Resources, logicalId)?.Type ?? '',
    status: 'CREATE_IN_PROGRESS',
    updatedAt: world.clock.now(),
    leftovers: [],
  };

const blueprintOf = (run: Run, wanted: Prepared, logicalId: string): Blueprint => {
  const declared = own(wanted.template.Resources, logicalId);
  if (!declared) throw new Error(`the template lost ${logicalId}`);
  return {
    type: declared.Type,
    properties: resolvedProperties(declared, liveScope(run, wanted)),
    generation: run.operation.number,
    deletionPolicy: deletionPolicyOf(declared),
    updateReplacePolicy: updateReplacePolicyOf(declared),
    dependsOn: wanted.graph.get(logicalId) ?? [],
    notes: notesOf(declared),
  };
};
