import type { Blueprint, Physical, ResourceRecord } from '../records.ts';
import { type Run, reasonOf, Stopped } from './context.ts';
import { mark } from './journal.ts';
import { createWith, updateWith } from './provider-call.ts';
import { runGraph } from './run-graph.ts';

/**
 * Brings every resource that an update touched back to what it was, in the order of the old dependencies; what the update created
 * is left for the clean-up. Answers the logical ids that could not be brought back.
 */
export const undo = async (run: Run): Promise<string[]> => {
  const failed: string[] = [];
  const touched = run.records.resourcesOf(run.operation.stackId).filter(({ before }) => before);
  const graph = new Map(touched.map(({ logicalId, before }) => [logicalId, before?.dependsOn ?? []]));
  const back = async (logicalId: string): Promise<boolean> => {
    const record = run.records.resource(run.operation.stackId, logicalId);
    if (!record?.before) return true;
    try {
      await bringBack(run, record, record.before);
      return true;
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const latest = run.records.resource(record.stackId, logicalId) ?? record;
      mark(run, run.operation, latest, 'UPDATE_FAILED', reasonOf(error));
      failed.push(logicalId);
      return false;
    }
  };
  await runGraph(graph, back, () => run.stopping.aborted);
  return failed.sort();
};

const bringBack = async (run: Run, record: ResourceRecord, before: Physical) => {
  const { current } = record;
  if (current && !isSame(current, before)) return swapBack(run, record, before, current);
  if (!isDisturbed(record, before)) {
    const untouched = { ...record, current: before, physicalId: before.physicalId };
    if (record.status === 'UPDATE_FAILED') mark(run, run.operation, untouched, 'UPDATE_COMPLETE');
    else run.records.putResource(untouched);
    return;
  }
  if (run.operation.spared.includes(record.logicalId)) {
    mark(run, run.operation, settled(run, record, before), 'UPDATE_COMPLETE', 'Resource update rollback skipped');
    return;
  }
  const again = isStarted(run, record);
  const step = stepOf(run, 'STARTED', record.step?.attempted);
  const started = again ? record : mark(run, run.operation, { ...record, step }, 'UPDATE_IN_PROGRESS');
  const previous = record.step?.attempted?.properties ?? current?.properties ?? before.properties;
  const call = { logicalId: record.logicalId, blueprint: before, starting: () => {} };
  const restored = await updateWith(run, call, before.physicalId, previous);
  mark(run, run.operation, settled(run, started, { ...before, ...restored }), 'UPDATE_COMPLETE');
};

/** A replacement is undone by letting the old one be current again; the new one goes in the clean-up. */
const swapBack = (run: Run, record: ResourceRecord, before: Physical, made: Physical) => {
  const kept = record.leftovers.filter(({ physical }) => !isSame(physical, before));
  const leftovers = [...kept, { physical: made, retain: outlivesRollback(run, made) }];
  const started = mark(run, run.operation, record, 'UPDATE_IN_PROGRESS');
  mark(run, run.operation, { ...settled(run, started, before), leftovers }, 'UPDATE_COMPLETE');
};

/** Retain keeps even what a failed operation has made; RetainExceptOnCreate, as policy or as option, does not. */
export const outlivesRollback = ({ operation }: Run, made: Physical): boolean =>
  made.deletionPolicy === 'Retain' && !operation.retainExceptOnCreate;

/**
 * After a crash the outcome of a create may be unknown: it is asked for again under the same seed, so that what it made is known
 * and can be deleted.
 */
export const settleInterrupted = async (run: Run) => {
  const { records, operation } = run;
  const unknown = records.resourcesOf(operation.stackId).flatMap((record) => {
    const { state, called, attempted, phase } = record.step ?? {};
    const building = state === 'STARTED' && called && (phase === 'CREATE' || phase === 'UPDATE');
    return building && attempted && attempted.generation !== record.current?.generation ? [{ record, attempted }] : [];
  });
  await Promise.all(unknown.map(({ record, attempted }) => settleOne(run, record, attempted)));
};

const settleOne = async (run: Run, record: ResourceRecord, attempted: Blueprint) => {
  const step = record.step && { ...record.step, state: 'FAILED' as const };
  try {
    const made = await createWith(run, { logicalId: record.logicalId, blueprint: attempted, starting: () => {} });
    const physical = { ...attempted, ...made };
    const leftovers = [...record.leftovers, { physical, retain: outlivesRollback(run, physical) }];
    run.records.putResource({ ...record, step, leftovers });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    run.records.putResource({ ...record, step });
  }
};

const isSame = (a: Physical, b: Physical): boolean => a.physicalId === b.physicalId && a.generation === b.generation;

/** Whether the provider may have changed it: it did, or it was asked to and did not finish. */
const isDisturbed = ({ current, step }: ResourceRecord, before: Physical): boolean => {
  const changed = JSON.stringify(current?.properties) !== JSON.stringify(before.properties);
  const tried = step?.called === true && step.state !== 'DONE' && step.attempted?.generation === before.generation;
  return changed || tried;
};

const isStarted = ({ operation }: Run, { step }: ResourceRecord): boolean =>
  step?.operation === operation.number && step.phase === operation.phase;

const stepOf = ({ operation }: Run, state: 'STARTED' | 'DONE', attempted?: Blueprint) => ({
  ...{ operation: operation.number, phase: operation.phase, state, called: true },
  ...(attempted ? { attempted } : {}),
});

const settled = (run: Run, record: ResourceRecord, current: Physical): ResourceRecord => ({
  ...record,
  current,
  physicalId: current.physicalId,
  step: stepOf(run, 'DONE'),
});
