import type { OperationRecord, StackRecord } from '../records.ts';
import { type Context, type Run, reasonOf, Stopped } from './context.ts';
import { announce, enter, show } from './journal.ts';
import { phases } from './phases.ts';

export interface Engine {
  /** Starts an operation on a stack at rest; its first status stands before this returns. */
  begin(operation: OperationRecord): void;
  /** Moves a busy stack's operation elsewhere (cancel, delete): what is under way is aborted and comes to rest first. */
  redirect(operation: OperationRecord): void;
  /** Takes up again what was running when the store was last closed. */
  resume(): void;
  /** Resolves when nothing runs any more; what is unfinished stays in the records. */
  stop(): Promise<void>;
}

export const createEngine = (context: Omit<Context, 'stopping'>): Engine => {
  const stopping = new AbortController();
  const whole: Context = { ...context, stopping: stopping.signal };
  const running = new Map<string, { readonly done: Promise<void>; abort(): void }>();

  const drive = (stackId: string) => {
    if (running.has(stackId) || stopping.signal.aborted) return;
    const run = { abort: () => {}, done: Promise.resolve() };
    const bind = (abort: () => void) => {
      run.abort = abort;
    };
    running.set(stackId, run);
    const ended = () => {
      running.delete(stackId);
      // Whoever heard of the end may have begun the next operation already.
      if (context.records.operations.get(stackId)) drive(stackId);
    };
    const stuck = (error: unknown) => {
      running.delete(stackId);
      if (!(error instanceof Stopped)) context.world.log(`cloudformation: ${stackId} is stuck: ${reasonOf(error)}`);
    };
    run.done = operate(whole, stackId, bind).then(ended, stuck);
  };
  return {
    begin: (operation) => {
      enter(whole, operation);
      drive(operation.stackId);
    },
    redirect: (operation) => {
      const phase = context.records.operations.get(operation.stackId)?.phase;
      enter(whole, operation);
      // Deletions under way come to rest by themselves; only what builds is worth aborting.
      if (phase === 'CREATE' || phase === 'UPDATE') running.get(operation.stackId)?.abort();
      drive(operation.stackId);
    },
    resume: () => {
      for (const { value: operation } of context.records.operations.list()) {
        show(whole, operation);
        // The event may have been lost with the process: at least once is the promise of the bus.
        announce(whole, operation.stackId, operation.token);
        drive(operation.stackId);
      }
    },
    stop: async () => {
      stopping.abort();
      const all = [...running.values()];
      for (const run of all) run.abort();
      await Promise.all(all.map(({ done }) => done));
    },
  };
};

/** Runs phase after phase until the stack is at rest. */
const operate = async (context: Context, stackId: string, bind: (abort: () => void) => void) => {
  // The caller's answer goes out before the work begins.
  await Promise.resolve();
  let operation = context.records.operations.get(stackId);
  while (operation && operation.phase !== 'END') {
    const controller = new AbortController();
    const abort = () => controller.abort();
    bind(abort);
    const run: Run = { ...context, operation, signal: controller.signal, abort };
    await phases[operation.phase](run);
    if (context.stopping.aborted) return;
    const next = context.records.operations.get(stackId);
    if (next?.phase === operation.phase && next.id === operation.id)
      throw new Error(`the phase ${operation.phase} of ${operation.id} did not end`);
    operation = next;
  }
  if (operation) finish(context, operation);
};

/** Puts the records in order, then shows and announces the final status: whoever hears of it may start the next operation. */
const finish = (context: Context, operation: OperationRecord) =>
  context.world.store.atomically(() => conclude(context, operation))?.();

const conclude = (context: Context, operation: OperationRecord) => {
  const { records } = context;
  const { stackId, status } = operation;
  if (status !== 'UPDATE_ROLLBACK_FAILED' && status !== 'UPDATE_FAILED') settle(context, operation);
  if (status === 'DELETE_COMPLETE') forget(context, stackId);
  const executed = records.changeSetsOf(stackId).find(({ id }) => id === operation.changeSetId);
  const succeeded = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'].includes(status);
  if (executed) records.putChangeSet({ ...executed, execution: succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED' });
  const tell = show(context, operation);
  records.operations.delete(stackId);
  return tell;
};

/** No memory of how it was before; records of what is gone go too, unless the whole stack went. */
const settle = ({ records }: Context, { stackId, type, status }: OperationRecord) => {
  const keepsGone = type !== 'UPDATE_STACK' && type !== 'CONTINUE_ROLLBACK' && status !== 'CREATE_COMPLETE';
  for (const { before: _, step: __, ...record } of records.resourcesOf(stackId)) {
    if (record.current || record.leftovers.length || keepsGone) records.putResource(record);
    else records.dropResource(record);
  }
};

const forget = ({ records, world }: Context, stackId: string) => {
  for (const changeSet of records.changeSetsOf(stackId)) records.dropChangeSet(changeSet);
  const stack = records.stacks.get(stackId);
  if (!stack) return;
  const gone: StackRecord = { ...stack, deletedAt: world.clock.now(), outputs: [], imports: [] };
  records.stacks.put(stackId, gone);
};
