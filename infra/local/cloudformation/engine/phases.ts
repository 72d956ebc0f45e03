import { checkExports } from '../exports.ts';
import type { Phase, StackStatus } from '../records.ts';
import { giveBack } from './adopt.ts';
import { build, declared } from './build.ts';
import { type Run, reasonOf } from './context.ts';
import { mark, move } from './journal.ts';
import { type Doom, remove } from './removal.ts';
import { outlivesRollback, settleInterrupted, undo } from './undo.ts';

/** What each phase of an operation does; each can be run again after a crash, and each ends by moving the operation on. */
export const phases: Readonly<Record<Exclude<Phase, 'END'>, (run: Run) => Promise<void>>> = {
  CREATE: async (run) => {
    const problem = await build(run, () => move(run, run.operation, end('CREATE_COMPLETE')));
    if (problem === undefined || run.stopping.aborted) return;
    move(run, run.operation, afterFailedCreate(run, problem));
  },

  ROLLBACK: async (run) => {
    await settleInterrupted(run);
    const whole: Doom = ({ current, leftovers }) => [
      ...(current ? [{ physical: current, retain: outlivesRollback(run, current) }] : []),
      ...leftovers,
    ];
    const failed = await remove(run, whole, false);
    if (run.stopping.aborted) return;
    tellNeverMade(run);
    move(run, run.operation, failed.length ? end('ROLLBACK_FAILED', notDeleted(failed)) : end('ROLLBACK_COMPLETE'));
  },

  UPDATE: async (run) => {
    const cleanup = { phase: 'UPDATE_CLEANUP', status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' } as const;
    const problem = await build(run, () => move(run, run.operation, cleanup));
    if (problem === undefined || run.stopping.aborted) return;
    const back = { phase: 'UPDATE_ROLLBACK', status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: problem } as const;
    move(run, run.operation, run.operation.onFailure === 'DO_NOTHING' ? end('UPDATE_FAILED', problem) : back);
  },

  UPDATE_CLEANUP: async (run) => {
    const wanted = declared(run);
    const superfluous: Doom = ({ logicalId, current, leftovers }) => [
      ...leftovers,
      ...(current && !wanted.graph.has(logicalId)
        ? [{ physical: current, retain: current.deletionPolicy.startsWith('Retain') }]
        : []),
    ];
    const failed = await remove(run, superfluous, true);
    if (run.stopping.aborted) return;
    const reason = failed.length ? `Update successful. ${UNDELETED}` : undefined;
    move(run, run.operation, end('UPDATE_COMPLETE', reason));
  },

  UPDATE_ROLLBACK: async (run) => {
    await settleInterrupted(run);
    const failed = await undo(run);
    if (run.stopping.aborted) return;
    const reason = `The following resource(s) failed to update: [${failed.join(', ')}]. `;
    move(
      run,
      run.operation,
      failed.length
        ? end('UPDATE_ROLLBACK_FAILED', reason)
        : { phase: 'UPDATE_ROLLBACK_CLEANUP', status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' },
    );
  },

  UPDATE_ROLLBACK_CLEANUP: async (run) => {
    const created: Doom = ({ before, current, leftovers }) => [
      ...leftovers,
      ...(current && before === null ? [{ physical: current, retain: outlivesRollback(run, current) }] : []),
    ];
    const failed = await remove(run, created, true);
    if (run.stopping.aborted) return;
    tellNeverMade(run);
    move(run, run.operation, end('UPDATE_ROLLBACK_COMPLETE', failed.length ? UNDELETED : undefined));
  },

  IMPORT: async (run) => {
    const problem = await build(run, () => move(run, run.operation, end('IMPORT_COMPLETE')));
    if (problem === undefined || run.stopping.aborted) return;
    move(run, run.operation, { phase: 'IMPORT_ROLLBACK', status: 'IMPORT_ROLLBACK_IN_PROGRESS', reason: problem });
  },

  IMPORT_ROLLBACK: async (run) => {
    const failed = await giveBack(run);
    if (run.stopping.aborted) return;
    const reason = `The following resource(s) failed to roll back their import: [${failed.join(', ')}]. `;
    move(run, run.operation, failed.length ? end('IMPORT_ROLLBACK_FAILED', reason) : end('IMPORT_ROLLBACK_COMPLETE'));
  },

  DELETE: async (run) => {
    await settleInterrupted(run);
    const { spared, force } = run.operation;
    const everything: Doom = ({ logicalId, current, leftovers }) => [
      ...leftovers,
      ...(current
        ? [{ physical: current, retain: spared.includes(logicalId) || current.deletionPolicy.startsWith('Retain') }]
        : []),
    ];
    const problem = exportProblem(run);
    const failed = problem ? [] : await remove(run, everything, force);
    if (run.stopping.aborted) return;
    const reason = problem ?? (failed.length && !force ? notDeleted(failed) : undefined);
    if (!reason) tellNeverMade(run);
    move(run, run.operation, reason ? end('DELETE_FAILED', reason) : end('DELETE_COMPLETE'));
  },
};

const UNDELETED = 'One or more resources could not be deleted.';

const end = (status: StackStatus, reason?: string) => ({ phase: 'END' as const, status, reason });

const notDeleted = (failed: readonly string[]) =>
  `The following resource(s) failed to delete: [${failed.join(', ')}]. `;

const afterFailedCreate = (run: Run, problem: string) => {
  const { onFailure } = run.operation;
  if (onFailure === 'DO_NOTHING') return end('CREATE_FAILED', problem);
  return onFailure === 'DELETE'
    ? {
        phase: 'DELETE' as const,
        status: 'DELETE_IN_PROGRESS' as const,
        reason: `${problem.trimEnd()} Delete requested by user.`,
      }
    : {
        phase: 'ROLLBACK' as const,
        status: 'ROLLBACK_IN_PROGRESS' as const,
        reason: `${problem.trimEnd()} Rollback requested by user.`,
      };
};

/** A resource whose creation failed and left nothing ends as deleted too. */
const tellNeverMade = (run: Run) => {
  for (const record of run.records.resourcesOf(run.operation.stackId))
    if (record.status === 'CREATE_FAILED' && !record.current && record.leftovers.length === 0)
      mark(run, run.operation, { ...record, step: undefined }, 'DELETE_COMPLETE');
};

const exportProblem = ({ records, operation }: Run): string | undefined => {
  const stack = records.stacks.get(operation.stackId);
  try {
    if (stack) checkExports(records, stack, []);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
};
