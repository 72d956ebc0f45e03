import { canonical } from '../canonical.ts';
import { referencesOf } from '../template/references.ts';
import type { Template, TemplateResource } from '../template/template.ts';
import type { ResourceChange } from './plan.ts';
import { replacementBy } from './update-rules.ts';

/** A template with the values it stands with, or would. */
export interface Declared {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * What an update would change, from the templates alone: for the moments when CloudFormation makes no change set. What it
 * cannot know counts for the worse: a property of unknown behaviour may replace. Sorted by logical id.
 */
export const templateChanges = (running: Declared, release: Declared): readonly ResourceChange[] => {
  const [before, after] = [running.template.Resources, release.template.Resources];
  const known = new Map<string, ResourceChange>();
  for (const [id, { Type }] of Object.entries(after))
    if (!before[id]) known.set(id, change(id, Type, { action: 'Add' }));
  for (const [id, resource] of Object.entries(before)) {
    const next = after[id];
    if (!next) known.set(id, removal(id, resource));
    else if (meaningOf(resource, running) !== meaningOf(next, release))
      known.set(id, modification(id, [resource, running], [next, release]));
  }
  addDependents(known, release.template);
  return [...known.values()].sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1));
};

const change = (logicalId: string, type: string, more: Partial<ResourceChange>): ResourceChange => ({
  logicalId,
  type,
  action: 'Modify',
  replacement: 'False',
  properties: [],
  dynamic: false,
  ...more,
});

const removal = (id: string, { Type, DeletionPolicy = 'Delete' }: TemplateResource): ResourceChange =>
  change(id, Type, { action: 'Remove', policyAction: DeletionPolicy.startsWith('Retain') ? 'Retain' : DeletionPolicy });

type Side = readonly [resource: TemplateResource, declared: Declared];

const modification = (id: string, [before, running]: Side, [after, release]: Side): ResourceChange => {
  const properties = differing([before.Properties ?? {}, running], [after.Properties ?? {}, release]);
  // What is no property, such as a deletion policy, changes nothing but what CloudFormation would do later.
  const others = differing([withoutProperties(before), running], [withoutProperties(after), release]);
  // Another type behind the same id is refused by CloudFormation: it counts as the replacement that was meant.
  const replacement = others.includes('Type') ? 'True' : replacementBy(after.Type, properties);
  const changed = [...properties, ...others].sort();
  // Nothing of its own: a condition around it means something else now.
  return change(id, after.Type, { replacement: changed.length > 0 ? replacement : 'Conditional', properties: changed });
};

const withoutProperties = ({ Properties: _, DependsOn: __, ...others }: TemplateResource) => others;

const differing = (
  [before, running]: readonly [object, Declared],
  [after, release]: readonly [object, Declared],
): readonly string[] => {
  const [old, next] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((name) => meaningOf(old.get(name), running) !== meaningOf(next.get(name), release))
    .sort();
};

/**
 * Whoever refers to what may be replaced gets another value from it, and so may whoever asks for an attribute of what only
 * changes: as CloudFormation sees it, until nothing more follows.
 */
const addDependents = (known: Map<string, ResourceChange>, { Resources }: Template): void => {
  for (let more = true; more; ) {
    const causes = [...known.values()].filter(({ action }) => action === 'Modify');
    more = causes.map((cause) => addFollowers(known, cause, Resources)).includes(true);
  }
};

/** Whether anything followed that was not known. */
const addFollowers = (
  known: Map<string, ResourceChange>,
  cause: ResourceChange,
  resources: Template['Resources'],
): boolean => {
  let found = false;
  for (const [id, resource] of Object.entries(resources)) {
    const standing = known.get(id) ?? change(id, resource.Type, { dynamic: true });
    if (id === cause.logicalId || standing.action === 'Add') continue;
    const next = after(cause, standing, resource);
    if (next !== standing) known.set(id, next);
    found ||= next !== standing;
  }
  return found;
};

/** The same change when nothing more follows from the cause. */
const after = (cause: ResourceChange, standing: ResourceChange, resource: TemplateResource): ResourceChange => {
  const affected = Object.entries(resource.Properties ?? {}).flatMap(([name, value]) => {
    const { names, attributes } = referencesOf(value);
    return (isReplaced(cause) ? names : attributes).has(cause.logicalId) ? [name] : [];
  });
  const properties = [...new Set([...standing.properties, ...affected])].sort();
  const severest = replacementBy(standing.type, affected);
  // What is not certain to come makes nothing certain.
  const own = severest === 'True' && cause.replacement !== 'True' ? 'Conditional' : severest;
  const replacement = affected.length === 0 ? standing.replacement : worse(standing.replacement, own);
  const isSame = properties.length === standing.properties.length && replacement === standing.replacement;
  return isSame ? standing : { ...standing, properties, replacement };
};

const isReplaced = ({ replacement }: ResourceChange): boolean => replacement !== 'False';

const worse = (
  one: ResourceChange['replacement'],
  other: ResourceChange['replacement'],
): ResourceChange['replacement'] => {
  if (one === 'True' || other === 'True') return 'True';
  return one === 'Conditional' || other === 'Conditional' ? 'Conditional' : 'False';
};

/** A part of a template with everything it stands for: values of parameters, bodies of conditions and mappings. */
const meaningOf = (part: unknown, { template, parameters }: Declared): string => {
  const { Parameters = {}, Conditions = {}, Mappings = {} } = template;
  const conditions: Record<string, unknown> = {};
  const { names, ...needs } = referencesOf(part);
  const [allNames, allConditions, allMappings] = [new Set(names), new Set(needs.conditions), new Set(needs.mappings)];
  // A set visits what is added while it is walked: conditions name conditions.
  for (const condition of allConditions) {
    conditions[condition] = Conditions[condition] ?? null;
    const more = referencesOf(conditions[condition]);
    for (const name of more.names) allNames.add(name);
    for (const name of more.conditions) allConditions.add(name);
    for (const name of more.mappings) allMappings.add(name);
  }
  const values = [...allNames].flatMap((name) =>
    Object.hasOwn(Parameters, name) ? [[name, parameters[name] ?? String(Parameters[name]?.Default)] as const] : [],
  );
  const mappings = [...allMappings].map((name) => [name, Mappings[name] ?? null] as const);
  return canonical({ part, conditions, values: Object.fromEntries(values), mappings: Object.fromEntries(mappings) });
};
