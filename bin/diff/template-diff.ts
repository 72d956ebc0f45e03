import type { ResourceChange } from '../../functions/domain/plan/plan.ts';
import { stackFindings } from '../../functions/domain/plan/stack-findings.ts';
import { templateChanges } from '../../functions/domain/plan/template-changes.ts';
import { referencesOf } from '../../functions/domain/template/references.ts';
import type { Parameter, Template, TemplateResource } from '../../functions/domain/template/template.ts';
import { parameterWords } from '../configuration/parameter-words.ts';
import { parameterChanges } from './parameter-changes.ts';
import { type Replacement, replacementOf } from './replacement.ts';
import type { Side } from './side.ts';
import { type ValueChange, valueChanges } from './value-changes.ts';

export interface ResourceName {
  readonly logicalId: string;
  readonly type: string;
}

export interface ChangedResource extends ResourceName {
  readonly replacement: ResourceChange['replacement'];
  /** Where the template itself differs. */
  readonly properties: readonly ValueChange[];
  /** What it refers to and what is different now: parameters, and resources that are replaced or changed. */
  readonly follows: readonly string[];
}

export interface RemovedResource extends ResourceName {
  /** It stays, outside of the stack. */
  readonly kept: boolean;
}

export interface TemplateDiff {
  readonly added: readonly ResourceName[];
  readonly changed: readonly ChangedResource[];
  readonly removed: readonly RemovedResource[];
  readonly replacements: readonly Replacement[];
  /** Sentences: what Slipway would not do at all. */
  readonly refusals: readonly string[];
  /** Sentences: what it would ask a person for. */
  readonly approvals: readonly string[];
  readonly parameters: readonly ValueChange[];
  readonly databases: readonly ValueChange[];
  /** Outputs, conditions, types of parameters and whatever else stands in a template. */
  readonly others: readonly ValueChange[];
}

/** What would change if the first of two releases ran and the second were deployed. Equal input gives equal output. */
export const templateDiff = (before: Side, after: Side): TemplateDiff => {
  const [running, release] = [declared(before, after), declared(after, after)];
  const parameters = parameterChanges(before, after);
  const changes = templateChanges(running, release);
  const causes = new Set([
    ...parameters.map(({ path }) => path),
    ...changes.filter(({ action }) => action === 'Modify').map(({ logicalId }) => logicalId),
  ]);
  const modified = changes.filter(({ action }) => action === 'Modify');
  const own = modified.map((change) => changed(change, before.template, after.template, causes));
  const order = orderChanges(before.template, after.template).filter((one) => !modified.some(isOf(one)));
  const { refusals, approvals } = stackFindings({
    prepared: { changes },
    running: before.template,
    release: after.template,
    parameters: release.parameters,
  });
  return {
    added: changes.filter(({ action }) => action === 'Add').map(nameOf),
    changed: [...own, ...order].sort(byId),
    removed: changes
      .filter(({ action }) => action === 'Remove')
      .map((change) => ({ ...nameOf(change), kept: change.policyAction === 'Retain' })),
    replacements: modified.flatMap((change) => replacementOf(change, before.template, after.template)),
    refusals,
    approvals,
    parameters,
    databases: before.beside && after.beside ? valueChanges(before.beside.databases, after.beside.databases) : [],
    others: valueChanges(rest(before.template, after.template), rest(after.template, before.template)),
  };
};

export const isSame = (diff: TemplateDiff): boolean =>
  [diff.added, diff.changed, diff.removed, diff.parameters, diff.databases, diff.others].every(
    (changes) => changes.length === 0,
  );

const nameOf = ({ logicalId, type }: ResourceChange): ResourceName => ({ logicalId, type });

const isOf =
  ({ logicalId }: ResourceName) =>
  (other: ResourceName): boolean =>
    other.logicalId === logicalId;

const byId = (a: ResourceName, b: ResourceName): number => (a.logicalId < b.logicalId ? -1 : 1);

/** A template with the values it would stand with. Of a bare template none is known: they count as the same. */
const declared = ({ template, beside }: Side, fallback: Side) => ({
  template: withoutOrder(template),
  parameters: Object.fromEntries(
    (beside ?? fallback.beside)?.parameters.map((each) => [each.name, meaning(each)]) ?? [],
  ),
});

/** A count that only a first deployment uses changes nothing that runs. */
const meaning = (parameter: Parameter): string =>
  parameter.kind === 'desiredCount' ? 'the count that runs' : parameterWords(parameter);

/** In which order resources are made changes none of them. */
const withoutOrder = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, { DependsOn: _, ...resource }]) => [id, resource]),
  ),
});

const orderChanges = (before: Template, after: Template): readonly ChangedResource[] =>
  Object.entries(after.Resources).flatMap(([logicalId, resource]) => {
    const { Type: type } = resource;
    const standing = before.Resources[logicalId];
    const properties = standing ? valueChanges(dependsOn(standing), dependsOn(resource), 'DependsOn') : [];
    return properties.length > 0 ? [{ logicalId, type, replacement: 'False', properties, follows: [] }] : [];
  });

/** One name or a list of them, in any order, mean the same. */
const dependsOn = ({ DependsOn }: TemplateResource): readonly string[] | undefined =>
  DependsOn === undefined ? undefined : [DependsOn].flat().sort();

const changed = (
  change: ResourceChange,
  before: Template,
  after: Template,
  causes: ReadonlySet<string>,
): ChangedResource => {
  const { logicalId, replacement } = change;
  const [old, next] = [partsOf(before.Resources[logicalId]), partsOf(after.Resources[logicalId])];
  return {
    ...nameOf(change),
    replacement,
    properties: [...valueChanges(old.properties, next.properties), ...valueChanges(old.attributes, next.attributes)],
    follows: [...referencesOf(next.properties).names].filter((name) => causes.has(name) && name !== logicalId).sort(),
  };
};

const partsOf = (resource: TemplateResource = { Type: '' }) => {
  const { Properties: properties = {}, ...others } = resource;
  const depends = dependsOn(resource);
  return { properties, attributes: { ...others, ...(depends && { DependsOn: depends }) } };
};

/** Of parameters their declarations, where both templates have them. */
const rest = ({ Resources: _, Parameters = {}, ...others }: Template, other: Template) => {
  const shared = Object.entries(Parameters).filter(([name]) => Object.hasOwn(other.Parameters ?? {}, name));
  return { ...others, Parameters: Object.fromEntries(shared) };
};
