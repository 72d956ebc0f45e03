import { loadDeclared } from '../declared.ts';
import { type Context, pause, reasonOf, Stopped, unlessStopped } from '../engine/context.ts';
import type { ChangeSetRecord, ImportTarget, InvalidResource, StackRecord } from '../records.ts';
import { checkProperties, findingWords } from '../specification/check-properties.ts';
import { masked, noEchoValuesOf } from '../template/no-echo.ts';
import type { Prepared } from '../template/prepare.ts';
import { propertiesAfter } from './changes.ts';
import { getImport } from './find-import.ts';
import { changeQuestion, planChanges } from './plan-changes.ts';
import { planImport } from './plan-import.ts';
import type { ResourceChangeRecord } from './resource-change.ts';

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
  await pause(context, 'cloudformation.changeset', stopping, pending.name);
  const stack = records.stacks.get(pending.stackId);
  if (!stack || !isThere(context, pending)) return;
  try {
    const prepared = loadDeclared(records, context.world, stack.id, pending.declaration);
    const secrets = [pending.declaration, stack.declaration].flatMap((one) => noEchoValuesOf(records, one));
    const changes = pending.imports
      ? await importChanges(context, stack, { imports: pending.imports, prepared })
      : planChanges(records, context.world, stack, { ...pending, prepared });
    if (!isThere(context, pending)) return;
    const invalid = changes ? invalidIn(context, stack, prepared) : [];
    if (invalid.length) records.putChangeSet({ ...pending, status: 'FAILED', statusReason: EARLY_VALIDATION, invalid });
    else if (changes)
      records.putChangeSet({ ...pending, ...complete, changes: changes.map((one) => shown(one, secrets)) });
    else records.putChangeSet({ ...pending, status: 'FAILED', statusReason: NO_CHANGES });
  } catch (error) {
    if (error instanceof Stopped || !isThere(context, pending)) throw error;
    records.putChangeSet({ ...pending, status: 'FAILED', statusReason: reasonOf(error) });
  }
};

/** In AWS's words, which say nothing of what was found: that stands in the events of the change set. */
const EARLY_VALIDATION =
  'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.';

/** What AWS's resource specification refuses, and what a fault names. */
const invalidIn = (
  { faults, records, world }: Context,
  stack: StackRecord,
  prepared: Prepared,
): readonly InvalidResource[] => {
  const question = changeQuestion(records, world, stack, prepared);
  return Object.entries(prepared.template.Resources).flatMap(([logicalId, { Type: type }]) => {
    const fault = faults.strike({ stackName: stack.name, logicalId, phase: 'CHANGE_SET', verb: 'validation' });
    const found = checkProperties(type, propertiesAfter(question, logicalId)).map((finding) => ({
      ...(finding.path.length ? { property: finding.path.join('/') } : {}),
      reason: findingWords(finding),
    }));
    const named = fault && { reason: fault.reason, ...(fault.property !== undefined && { property: fault.property }) };
    return [...(named ? [named] : []), ...found].map((one) => ({ logicalId, type, ...one }));
  });
};

/** Every resource to import has to exist, and its id is shown. */
const importChanges = async (
  context: Context,
  stack: StackRecord,
  { imports, prepared }: { readonly imports: readonly ImportTarget[]; readonly prepared: Prepared },
): Promise<readonly ResourceChangeRecord[]> => {
  const { records, stopping } = context;
  const importing = (type: string) => context.providerOf(type)?.importing;
  const question = changeQuestion(records, context.world, stack, prepared);
  const changes = planImport({ ...question, imports, importing, outputs: stack.outputs });
  const found = await unlessStopped(
    stopping,
    Promise.all(imports.map((target) => getImport(records, importing(target.type), target))),
  );
  const ids = new Map(imports.map(({ logicalId }, index) => [logicalId, found[index]?.physicalId ?? '']));
  return changes.map((one) => ({ ...one, PhysicalResourceId: ids.get(one.LogicalResourceId) ?? '' }));
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
