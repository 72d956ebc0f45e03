import type { Blueprint, Physical, ResourceRecord } from '../records.ts';
import { type Run, reasonOf } from './context.ts';
import { mark } from './journal.ts';

/** Not touched: no event, but what it now depends on is remembered for its deletion. */
export const quietly = (run: Run, record: ResourceRecord, current: Physical): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const settled: ResourceRecord = { ...record, current, step: { operation, phase, state: 'DONE', called: false } };
  run.records.putResource(settled);
  return settled;
};

/** Writes the intent down; after a restart the event is not repeated. */
export const start = (
  run: Run,
  record: ResourceRecord,
  attempted: Blueprint,
  status: 'CREATE_IN_PROGRESS' | 'UPDATE_IN_PROGRESS' | 'IMPORT_IN_PROGRESS',
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

/** A call whose beginning is written down. */
export const calling = (run: Run, record: ResourceRecord, blueprint: Blueprint) => ({
  logicalId: record.logicalId,
  blueprint,
  starting: () => {
    if (record.step) run.records.putResource({ ...record, step: { ...record.step, called: true } });
  },
});

/** The result of a step, with its event. */
export const done = (
  run: Run,
  record: ResourceRecord,
  current: Physical,
  status: 'CREATE_COMPLETE' | 'UPDATE_COMPLETE' | 'IMPORT_COMPLETE',
  reason?: string,
): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const step = { operation, phase, state: 'DONE' as const, called: true };
  return mark(run, run.operation, { ...record, current, physicalId: current.physicalId, step }, status, reason);
};

/** The failure of a step: what stays of it is written down for the rollback. */
export const failed = (run: Run, before: ResourceRecord, error: unknown): ResourceRecord => {
  const { number: operation, phase } = run.operation;
  const record = run.records.resource(before.stackId, before.logicalId) ?? before;
  const mine = record.step?.operation === operation && record.step.phase === phase ? record.step : undefined;
  const { verb, status } = failureWords(run, record);
  const reason = run.signal.aborted ? `Resource ${verb} cancelled` : reasonOf(error);
  const partial = mine?.attempted?.generation === operation ? partOf(error, mine.attempted) : undefined;
  const settled: ResourceRecord = {
    ...record,
    before: record.before === undefined ? (record.current ?? null) : record.before,
    physicalId: record.current?.physicalId ?? partial?.physicalId,
    leftovers: partial ? [...record.leftovers, { physical: partial, retain: false }] : record.leftovers,
    step: { called: false, ...mine, operation, phase, state: 'FAILED' },
  };
  return mark(run, run.operation, settled, status, reason);
};

const failureWords = ({ operation }: Run, { current }: ResourceRecord) => {
  if (operation.phase === 'IMPORT') return { verb: 'import', status: 'IMPORT_FAILED' } as const;
  return current
    ? ({ verb: 'update', status: 'UPDATE_FAILED' } as const)
    : ({ verb: 'creation', status: 'CREATE_FAILED' } as const);
};

/** A failed create may name what it has already made: see ResourceFailure in part.ts. */
const partOf = (error: unknown, attempted: Blueprint): Physical | undefined => {
  if (!(error instanceof Error && 'physicalId' in error)) return undefined;
  return { ...attempted, physicalId: String(error.physicalId), attributes: {} };
};
