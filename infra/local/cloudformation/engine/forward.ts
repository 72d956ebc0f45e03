import { resolvedProperties } from '../changes/changes.ts';
import { deletionPolicyOf, notesOf, updateReplacePolicyOf } from '../changes/comparison.ts';
import { exportedValue } from '../exports.ts';
import type { Blueprint, ResourceRecord, ResourceStatus } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { scopeOf } from '../template/scope.ts';
import { own } from '../template/template.ts';
import { adopt } from './adopt.ts';
import { change, create } from './bring.ts';
import { type Run, reasonOf, Stopped } from './context.ts';
import { runGraph } from './run-graph.ts';
import { failed } from './steps.ts';

/** Brings every resource to what the template says; answers what failed, sorted by logical id. */
export const forward = async (run: Run, wanted: Prepared): Promise<readonly Failed[]> => {
  const failed: Failed[] = [];
  const bring = async (logicalId: string): Promise<boolean> => {
    const record = await bringOne(run, wanted, logicalId);
    if (record.step?.state !== 'FAILED') return true;
    failed.push({ logicalId, status: record.status });
    // Siblings under way finish or give up; none starts any more.
    run.abort();
    return false;
  };
  await runGraph(wanted.graph, bring, () => run.signal.aborted);
  return failed.sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
};

export interface Failed {
  readonly logicalId: string;
  /** What failed about it: CREATE_FAILED, UPDATE_FAILED or IMPORT_FAILED. */
  readonly status: ResourceStatus;
}

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
    if (record.current) return await change(run, record, record.current, blueprint, wanted);
    const target = operation.imports?.find((one) => one.logicalId === logicalId);
    return target ? await adopt(run, record, blueprint, target) : await create(run, record, blueprint);
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
