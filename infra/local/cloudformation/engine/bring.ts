import { actionOf, compareResource } from '../changes/comparison.ts';
import { nameProperty } from '../changes/update-behaviour.ts';
import type { Blueprint, Physical, ResourceRecord } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { own } from '../template/template.ts';
import type { Run } from './context.ts';
import { createWith, updateWith } from './provider-call.ts';
import { calling, done, quietly, start } from './steps.ts';

/** Makes what the template has and the stack has not. */
export const create = async (run: Run, record: ResourceRecord, blueprint: Blueprint): Promise<ResourceRecord> => {
  const fresh = { ...record, type: blueprint.type, physicalId: undefined, before: record.before ?? null };
  const started = start(run, fresh, blueprint, 'CREATE_IN_PROGRESS');
  const made = await createWith(run, calling(run, started, blueprint));
  return done(run, started, { ...blueprint, ...made }, 'CREATE_COMPLETE');
};

/** Leaves alone, changes in place or replaces what exists, as the comparison says. */
export const change = async (
  run: Run,
  record: ResourceRecord,
  current: Physical,
  blueprint: Blueprint,
  wanted: Prepared,
): Promise<ResourceRecord> => {
  const declared = own(wanted.template.Resources, record.logicalId);
  if (!declared) throw new Error(`the template lost ${record.logicalId}`);
  const action = actionOf(compareResource(current, declared, blueprint.properties));
  // In place, what exists keeps the generation it was made with, and with it its seed.
  const kept = { ...blueprint, generation: current.generation };
  const known = { ...record, before: record.before === undefined ? current : record.before };
  if (action === 'none') return quietly(run, known, { ...current, dependsOn: blueprint.dependsOn });
  if (action === 'note') return note(run, known, { ...current, ...kept, properties: current.properties });
  if (action === 'update') return update(run, known, current, kept);
  const property = nameProperty(current.type, blueprint.properties);
  const name = property === undefined ? undefined : blueprint.properties[property];
  if (property !== undefined && name === current.properties[property])
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
