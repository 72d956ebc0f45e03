import { loadDeclared } from '../declared.ts';
import { type Context, pause, reasonOf, Stopped, unlessStopped } from '../engine/context.ts';
import type { ChangeSetRecord } from '../records.ts';
import { masked, noEchoValuesOf } from '../template/no-echo.ts';
import { planChanges } from './plan-changes.ts';
import type { ResourceChangeRecord } from './resource-change.ts';
import { loadUpdateBehaviour } from './update-behaviour.ts';

export interface ChangeSetMaker {
  /** Computes a stored change set in the background. */
  make(changeSet: ChangeSetRecord): void;
  /** Takes up again what was being computed when the store was last closed. */
  resume(): void;
  stop(): Promise<void>;
}

/** In AWS's words; tools tell by them an empty change set from a wrong one. */
export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const createChangeSetMaker = (context: Omit<Context, 'stopping'>): ChangeSetMaker => {
  const stopping = new AbortController();
  const whole: Context = { ...context, stopping: stopping.signal };
  const running = new Set<Promise<void>>();
  const make = (changeSet: ChangeSetRecord) => {
    const work: Promise<void> = compute(whole, changeSet)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) context.world.log(`cloudformation: ${changeSet.id}: ${reasonOf(error)}`);
      })
      .finally(() => running.delete(work));
    running.add(work);
  };
  return {
    make,
    resume: () => {
      for (const { value } of context.records.changeSets.list())
        if (value.status === 'CREATE_PENDING' || value.status === 'CREATE_IN_PROGRESS') make(value);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
};

const compute = async (context: Context, pending: ChangeSetRecord) => {
  const { records, stopping } = context;
  await Promise.resolve();
  if (stopping.aborted || !isThere(context, pending)) return;
  records.putChangeSet({ ...pending, status: 'CREATE_IN_PROGRESS' });
  await pause(context, 'cloudformation.changeset', stopping);
  const behaviour = await unlessStopped(stopping, loadUpdateBehaviour());
  const stack = records.stacks.get(pending.stackId);
  if (!stack || !isThere(context, pending)) return;
  try {
    const prepared = loadDeclared(records, context.world, stack.id, pending.declaration);
    const secrets = [pending.declaration, stack.declaration].flatMap((one) => noEchoValuesOf(records, one));
    const changes = planChanges(records, context.world, behaviour, stack, { ...pending, prepared });
    if (changes) records.putChangeSet({ ...pending, ...complete, changes: changes.map((one) => shown(one, secrets)) });
    else records.putChangeSet({ ...pending, status: 'FAILED', statusReason: NO_CHANGES });
  } catch (error) {
    records.putChangeSet({ ...pending, status: 'FAILED', statusReason: reasonOf(error) });
  }
};

const complete = { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' } as const;

/** Deleted meanwhile, or made anew under its name. */
const isThere = ({ records }: Context, { stackId, name, id }: ChangeSetRecord): boolean =>
  records.changeSets.get(`${stackId}/${name}`)?.id === id;

/** What may be seen of a change: no NoEcho value, and AWS's own marker for what is not known yet. */
const shown = (change: ResourceChangeRecord, secrets: readonly string[]): ResourceChangeRecord =>
  JSON.parse(JSON.stringify(change), (_, value: unknown) =>
    typeof value === 'string' ? masked(value, secrets).replaceAll(OPEN, '{{changeSet:KNOWN_AFTER_APPLY}}') : value,
  );

const OPEN = /\{\{changeSet:KNOWN_AFTER_APPLY:[^}]*\}\}/g;
