import type { Physical, ResourceRecord } from '../records.ts';
import { type Run, reasonOf, Stopped } from './context.ts';
import { append, mark } from './journal.ts';
import { deleteWith } from './provider-call.ts';
import { reversed, runGraph } from './run-graph.ts';

/** One thing to delete, or to let go because a policy says so. */
export interface Doomed {
  readonly physical: Physical;
  readonly retain: boolean;
}

/** Which of a record's things a phase takes away. */
export type Doom = (record: ResourceRecord) => readonly Doomed[];

/**
 * Deletes dependents before what they depend on. `tolerant` (clean-ups, forced deletes) lets go what cannot be deleted; else it stays
 * and so does what it depends on. Answers the logical ids that could not be deleted.
 */
export const remove = async (run: Run, doom: Doom, tolerant: boolean): Promise<string[]> => {
  const failed: string[] = [];
  const doomed = run.records
    .resourcesOf(run.operation.stackId)
    .map((record) => ({ record, things: doom(record) }))
    .filter(({ things }) => things.length > 0);
  const needs = doomed.map(({ record, things }) => {
    const own = record.logicalId;
    const all = things.flatMap(({ physical }) => physical.dependsOn);
    return [own, all.filter((needed) => needed !== own)] as const;
  });
  const things = new Map(doomed.map((entry) => [entry.record.logicalId, entry.things]));
  const take = async (logicalId: string): Promise<boolean> => {
    let gone = true;
    for (const thing of things.get(logicalId) ?? []) gone = (await takeOne(run, logicalId, thing, tolerant)) && gone;
    if (!gone) failed.push(logicalId);
    return gone || tolerant;
  };
  await runGraph(reversed(new Map(needs)), take, () => run.stopping.aborted);
  return failed.sort();
};

const takeOne = async (run: Run, logicalId: string, thing: Doomed, tolerant: boolean): Promise<boolean> => {
  const { physical, retain } = thing;
  if (retain) {
    told(run, logicalId, thing, 'DELETE_SKIPPED', undefined);
    letGo(run, logicalId, physical);
    return true;
  }
  if (!isStarted(run, logicalId, physical)) told(run, logicalId, thing, 'DELETE_IN_PROGRESS', undefined);
  try {
    await deleteWith(run, logicalId, physical);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    told(run, logicalId, thing, 'DELETE_FAILED', reasonOf(error));
    if (tolerant) letGo(run, logicalId, physical);
    return false;
  }
  told(run, logicalId, thing, 'DELETE_COMPLETE', undefined);
  letGo(run, logicalId, physical);
  return true;
};

type Told = 'DELETE_SKIPPED' | 'DELETE_IN_PROGRESS' | 'DELETE_FAILED' | 'DELETE_COMPLETE';

/** The event, and the resource's own status unless it lives on as another physical resource. */
const told = (run: Run, logicalId: string, { physical }: Doomed, status: Told, reason: string | undefined) => {
  const record = latest(run, logicalId);
  if (!record) return;
  const { number: operation, phase } = run.operation;
  const lives = record.current !== undefined && record.current.physicalId !== physical.physicalId;
  const step = { operation, phase, state: 'STARTED' as const, attempted: physical, called: true };
  const { stackId, type } = record;
  if (!lives) {
    mark(run, run.operation, { ...record, physicalId: physical.physicalId, step }, status, reason);
    return;
  }
  run.records.putResource({ ...record, step });
  const properties = JSON.stringify(physical.properties);
  append(run, run.operation, { stackId, logicalId, type, physicalId: physical.physicalId, status, reason, properties });
};

const letGo = (run: Run, logicalId: string, physical: Physical) => {
  const record = latest(run, logicalId);
  if (!record) return;
  const isIt = (other: Physical | undefined) =>
    other?.physicalId === physical.physicalId && other.generation === physical.generation;
  run.records.putResource({
    ...record,
    current: isIt(record.current) ? undefined : record.current,
    leftovers: record.leftovers.filter((leftover) => !isIt(leftover.physical)),
    step: undefined,
  });
};

const isStarted = (run: Run, logicalId: string, physical: Physical): boolean => {
  const step = latest(run, logicalId)?.step;
  const mine = step?.operation === run.operation.number && step.phase === run.operation.phase;
  return mine && step.attempted?.generation === physical.generation;
};

const latest = (run: Run, logicalId: string) => run.records.resource(run.operation.stackId, logicalId);
