import { getImport } from '../changes/find-import.ts';
import type { Blueprint, ImportTarget, ResourceRecord } from '../records.ts';
import { pause, type Run, unlessStopped } from './context.ts';
import { mark } from './journal.ts';
import { done, start } from './steps.ts';

/** Takes in what exists: it is looked for again, since it may have gone after the change set was made. */
export const adopt = async (
  run: Run,
  record: ResourceRecord,
  blueprint: Blueprint,
  target: ImportTarget,
): Promise<ResourceRecord> => {
  const fresh = { ...record, type: blueprint.type, physicalId: undefined, before: null };
  const started = start(run, fresh, blueprint, 'IMPORT_IN_PROGRESS', 'Resource import started.');
  await pause(run, 'cloudformation.import', run.signal);
  run.signal.throwIfAborted();
  throwFault(run, target.logicalId);
  const looked = getImport(run.records, run.providerOf(target.type)?.importing, target);
  const found = await unlessStopped(run.stopping, looked);
  return run.world.store.atomically(() => {
    const adopted = done(run, started, { ...blueprint, ...found }, 'IMPORT_COMPLETE', 'Resource import completed.');
    return mark(
      run,
      run.operation,
      mark(run, run.operation, adopted, 'UPDATE_IN_PROGRESS', TAGS),
      'UPDATE_COMPLETE',
      TAGS,
    );
  });
};

const TAGS = 'Apply stack-level tags to imported resource if applicable.';

/** Lets go what an import has taken in, deleting nothing; answers the logical ids that stay. */
export const giveBack = async (run: Run): Promise<string[]> => {
  await pause(run, 'cloudformation.import', run.stopping);
  const taken = run.records
    .resourcesOf(run.operation.stackId)
    .filter(({ before, status }) => before === null && !status.startsWith('IMPORT_ROLLBACK_'));
  return taken.flatMap((record) => (giveOneBack(run, record) ? [] : [record.logicalId])).sort();
};

const giveOneBack = (run: Run, record: ResourceRecord): boolean =>
  run.world.store.atomically(() => {
    const started = mark(run, run.operation, record, 'IMPORT_ROLLBACK_IN_PROGRESS');
    const fault = faultOf(run, record.logicalId);
    if (fault) mark(run, run.operation, started, 'IMPORT_ROLLBACK_FAILED', fault.reason);
    else mark(run, run.operation, { ...started, current: undefined, step: undefined }, 'IMPORT_ROLLBACK_COMPLETE');
    return !fault;
  });

const throwFault = (run: Run, logicalId: string) => {
  const fault = faultOf(run, logicalId);
  if (fault) throw new Error(fault.reason);
};

const faultOf = ({ faults, operation: { stackId, phase } }: Run, logicalId: string) =>
  faults.strike({ stackName: stackId.split('/')[1] ?? stackId, logicalId, phase, verb: 'import' });
