import { resolvedProperties } from '../changes/changes.ts';
import { actionOf, compareResource, deletionPolicyOf, notesOf, updateReplacePolicyOf } from '../changes/comparison.ts';
import { loadUpdateBehaviour } from '../changes/update-behaviour.ts';
import { exportedValue } from '../exports.ts';
import type { Blueprint, Physical, ResourceRecord } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { scopeOf } from '../template/scope.ts';
import { own } from '../template/template.ts';
import { type Run, reasonOf, Stopped, unlessStopped } from './context.ts';
import { mark } from './journal.ts';
import { createWith, updateWith } from './provider-call.ts';
import { runGraph } from './run-graph.ts';

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

const create = async (run: Run, record: ResourceRecord, blueprint: Blueprint): Promise<ResourceRecord> => {
  const fresh = { ...record, type: blueprint.type, physicalId: undefined, before: record.before ?? null };
  const started = start(run, fresh, blueprint, 'CREATE_IN_PROGRESS');
  const made = await createWith(run, calling(run, started, blueprint));
  return done(run, started, { ...blueprint, ...made }, 'CREATE_COMPLETE');
};

const change = async (
  run: Run,
  record: ResourceRecord,
  current: Physical,
  blueprint: Blueprint,
  wanted: Prepared,
): Promise<ResourceRecord> => {
  const behaviour = await unlessStopped(run.stopping, loadUpdateBehaviour());
  const declared = own(wanted.template.Resources, record.logicalId);
  if (!declared) throw new Error(`the template lost ${record.logicalId}`);
  const action = actionOf(compareResource(behaviour, current, declared, blueprint.properties));
  // In place, what exists keeps the generation it was made with, and with it its seed.
  const kept = { ...blueprint, generation: current.generation };
  const known = { ...record, before: record.before === undefined ? current : record.before };
  if (action === 'none') return quietly(run, known, { ...current, dependsOn: blueprint.dependsOn });
  if (action === 'note') return note(run, known, { ...current, ...kept, properties: current.properties });
  if (action === 'update') return update(run, known, current, kept);
  const nameProperty = behaviour.nameProperty(current.type, blueprint.properties);
  const name = nameProperty === undefined ? undefined : blueprint.properties[nameProperty];
  if (nameProperty !== undefined && name === current.properties[nameProperty])
    throw new Error(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
    );
  return replace(run, known, current, blueprint);
};

const update = async (run: Run, record: ResourceRecord, current: Physical, blueprint: Blueprint) => {
  const started = start(run, record, blueprint, 'UPDATE_IN_PROGRESS');
  const changed = await updateWith(run, calling(run, started, blueprint), current.physicalId, current.properties);
  return done(run, started, { ...blueprint, ...changed }, 'UPDATE_COMPLETE');
};

const replace = async (run: Run, record: ResourceRecord, current: Physical, blueprint: Blueprint) => {
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  const started = start(run, record, blueprint, 'UPDATE_IN_PROGRESS', reason);
  const made = await createWith(run, calling(run, started, blueprint));
  const old = { physical: current, retain: blueprint.updateReplacePolicy.startsWith('Retain') };
  return done(
    run,
    { ...started, leftovers: [...started.leftovers, old] },
    { ...blueprint, ...made },
    'UPDATE_COMPLETE',
  );
};

const note = (run: Run, record: ResourceRecord, physical: Physical): ResourceRecord => {
  const started = start(run, record, physical, 'UPDATE_IN_PROGRESS');
  return done(run, started, physical, 'UPDATE_COMPLETE');
};

/** Not touched: no event, but what it now depends on is remembered for its deletion. */
const quietly = (run: Run, record: ResourceRecord, current: Physical): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const settled: ResourceRecord = { ...record, current, step: { operation, phase, state: 'DONE', called: false } };
  run.records.putResource(settled);
  return settled;
};

/** Writes the intent down; after a restart the event is not repeated. */
const start = (
  run: Run,
  record: ResourceRecord,
  attempted: Blueprint,
  status: 'CREATE_IN_PROGRESS' | 'UPDATE_IN_PROGRESS',
  reason?: string,
): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const again = record.step?.operation === operation && record.step.phase === phase && record.step.state === 'STARTED';
  const called = again && (record.step?.called ?? false);
  const started: ResourceRecord = { ...record, step: { operation, phase, state: 'STARTED', attempted, called } };
  if (!again) return mark(run, run.operation, started, status, reason);
  run.records.putResource(started);
  return started;
};

const calling = (run: Run, record: ResourceRecord, blueprint: Blueprint) => ({
  logicalId: record.logicalId,
  blueprint,
  starting: () => {
    if (record.step) run.records.putResource({ ...record, step: { ...record.step, called: true } });
  },
});

const done = (
  run: Run,
  record: ResourceRecord,
  current: Physical,
  status: 'CREATE_COMPLETE' | 'UPDATE_COMPLETE',
): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const step = { operation, phase, state: 'DONE' as const, called: true };
  return mark(run, run.operation, { ...record, current, physicalId: current.physicalId, step }, status);
};

const failed = (run: Run, before: ResourceRecord, error: unknown): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const record = run.records.resource(before.stackId, before.logicalId) ?? before;
  const mine = record.step?.operation === operation && record.step.phase === phase ? record.step : undefined;
  const verb = record.current ? 'update' : 'creation';
  const reason = run.signal.aborted ? `Resource ${verb} cancelled` : reasonOf(error);
  const partial = mine?.attempted?.generation === operation ? partOf(error, mine.attempted) : undefined;
  const settled: ResourceRecord = {
    ...record,
    before: record.before === undefined ? (record.current ?? null) : record.before,
    physicalId: record.current?.physicalId ?? partial?.physicalId,
    leftovers: partial ? [...record.leftovers, { physical: partial, retain: false }] : record.leftovers,
    step: { called: false, ...mine, operation, phase, state: 'FAILED' },
  };
  return mark(run, run.operation, settled, record.current ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason);
};

/** A failed create may name what it has already made: see ResourceFailure in part.ts. */
const partOf = (error: unknown, attempted: Blueprint): Physical | undefined => {
  if (!(error instanceof Error && 'physicalId' in error)) return undefined;
  return { ...attempted, physicalId: String(error.physicalId), attributes: {} };
};
