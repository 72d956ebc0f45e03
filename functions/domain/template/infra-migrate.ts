import { canonical } from '../canonical.ts';
import { findCycle } from './find-cycle.ts';
import { referencesOf } from './references.ts';
import { servingIds, servingTypes } from './serving.ts';
import type { Template, TemplateResource } from './template.ts';

/**
 * The template of InfraMigrate in BEFORE: the running one, with what the release adds and changes beside what serves.
 * Task definitions, services, target groups, listener rules and everything a running one refers to stay as they are,
 * and nothing is deleted; VersionMigrate does the rest. The stack keeps its values of `keptParameters`.
 */
export const infraMigrateTemplate = (running: Template, release: Template): Template => {
  const taken = acceptable(running, release);
  const withChanges = merged(running, release, taken);
  if (!findCycle(withChanges.Resources)) return withChanges;
  // A changed resource may need one whose own change has to wait; what is only added never closes a circle.
  return merged(running, release, new Set([...taken].filter((id) => !Object.hasOwn(running.Resources, id))));
};

/**
 * Parameters whose values must stay as the stack has them while `infraMigrateTemplate` is applied: a new value would
 * change what serves as surely as a new template.
 */
export const keptParameters = (running: Template): readonly string[] => Object.keys(running.Parameters ?? {}).sort();

/** Ids of the release's resources that can come first: nothing they need is missing or means something else. */
const acceptable = (running: Template, release: Template): ReadonlySet<string> => {
  const serving = servingIds(running);
  const taken = new Set(
    Object.entries(release.Resources)
      .filter(([id, resource]) => !serving.has(id) && isAdditionOrChange(id, resource, running))
      .map(([id]) => id),
  );
  // Leaving one out may take away what another needs.
  for (let before = -1; before !== taken.size; ) {
    before = taken.size;
    for (const id of taken) if (!canStand(release.Resources[id], taken, running, release)) taken.delete(id);
  }
  return taken;
};

const isAdditionOrChange = (id: string, resource: TemplateResource, running: Template) => {
  if (servingTypes.has(resource.Type) || Object.hasOwn(running.Parameters ?? {}, id)) return false;
  const before = running.Resources[id];
  // CloudFormation never changes the type behind an id.
  return !before || (before.Type === resource.Type && canonical(before) !== canonical(resource));
};

const canStand = (node: unknown, taken: ReadonlySet<string>, running: Template, release: Template): boolean => {
  const { names, conditions, mappings } = referencesOf(node);
  return (
    [...names].every((name) => {
      const inRelease = Object.hasOwn(release.Resources, name);
      if (inRelease) return taken.has(name) || Object.hasOwn(running.Resources, name);
      return !Object.hasOwn(running.Resources, name) && agree(running.Parameters, release.Parameters, name, 'Type');
    }) &&
    [...mappings].every((name) => agree(running.Mappings, release.Mappings, name)) &&
    [...conditions].every(
      (name) =>
        agree(running.Conditions, release.Conditions, name) &&
        canStand(release.Conditions?.[name], taken, running, release),
    )
  );
};

type Section = Readonly<Record<string, unknown>> | undefined;

/** The release declares it, and the running template does not mean something else by the same name. */
const agree = (running: Section, release: Section, name: string, key?: string): boolean => {
  const ours = release?.[name];
  const theirs = running?.[name];
  if (ours === undefined) return false;
  return theirs === undefined || canonical(part(ours, key)) === canonical(part(theirs, key));
};

const part = (node: unknown, key: string | undefined): unknown =>
  key === undefined || typeof node !== 'object' || node === null ? node : new Map(Object.entries(node)).get(key);

const merged = (running: Template, release: Template, taken: ReadonlySet<string>): Template => {
  const additions = Object.fromEntries(Object.entries(release.Resources).filter(([id]) => taken.has(id)));
  const needs = transitiveNeeds(additions, release);
  return {
    ...running,
    ...section('Parameters', running.Parameters, release.Parameters, needs.names),
    ...section('Conditions', running.Conditions, release.Conditions, needs.conditions),
    ...section('Mappings', running.Mappings, release.Mappings, needs.mappings),
    Resources: { ...running.Resources, ...additions },
  };
};

/** What resources name, and what the conditions among it name in turn. */
const transitiveNeeds = (resources: unknown, release: Template) => {
  const { names, conditions, mappings } = referencesOf(resources);
  const needs = { names: new Set(names), conditions: new Set(conditions), mappings: new Set(mappings) };
  for (const condition of needs.conditions) {
    const more = referencesOf(release.Conditions?.[condition]);
    for (const name of more.names) needs.names.add(name);
    for (const name of more.conditions) needs.conditions.add(name);
    for (const name of more.mappings) needs.mappings.add(name);
  }
  return needs;
};

const section = <K extends string, T>(
  key: K,
  running: Readonly<Record<string, T>> | undefined,
  release: Readonly<Record<string, T>> = {},
  needed: ReadonlySet<string>,
) => {
  const added = Object.entries(release).filter(([name]) => needed.has(name) && !Object.hasOwn(running ?? {}, name));
  return running || added.length > 0 ? { [key]: { ...running, ...Object.fromEntries(added) } } : {};
};
