import type { Physical } from '../records.ts';
import { knownAfterApply, resolve, type Scope } from '../template/intrinsics.ts';
import { resolveOutputs } from '../template/outputs.ts';
import type { Prepared } from '../template/prepare.ts';
import { scopeOf } from '../template/scope.ts';
import { own, type ResourceDeclaration } from '../template/template.ts';
import { compareResource, updateReplacePolicyOf } from './comparison.ts';
import { dynamicDetails, noteDetails, replacementOf, staticDetails } from './details.ts';
import type { ResourceChangeRecord } from './resource-change.ts';

export interface ChangeQuestion {
  /** What exists now, by logical id. */
  readonly current: ReadonlyMap<string, Physical>;
  /** The template and parameters it came from. */
  readonly previous: Prepared | undefined;
  readonly wanted: Prepared;
  importValue(name: string): unknown;
}

/**
 * What an execution would do, sorted by logical id. Both sides are resolved first; a reference to what does not exist yet is a
 * stable marker; whoever refers to something that changes is listed too, as Dynamic: whether it is touched shows only then.
 */
export const changesBetween = (question: ChangeQuestion): readonly ResourceChangeRecord[] => {
  const { current, wanted } = question;
  const changes = new Map<string, ResourceChangeRecord>();
  const scope = changeScope(question);
  for (const logicalId of inOrder(wanted.graph)) {
    const declared = wanted.template.Resources[logicalId];
    if (!declared) continue;
    const existing = current.get(logicalId);
    const properties = resolvedProperties(declared, scope);
    const change = existing
      ? modification(question, changes, { logicalId, existing, declared, properties })
      : addition(logicalId, declared, properties);
    if (change) changes.set(logicalId, change);
  }
  for (const [logicalId, physical] of current)
    if (!wanted.graph.has(logicalId)) changes.set(logicalId, removal(logicalId, physical));
  return [...changes.values()].sort((a, b) => (a.LogicalResourceId < b.LogicalResourceId ? -1 : 1));
};

/** The properties of one resource as they would be. */
export const propertiesAfter = (question: ChangeQuestion, logicalId: string): Readonly<Record<string, unknown>> => {
  const declared = own(question.wanted.template.Resources, logicalId);
  return declared ? resolvedProperties(declared, changeScope(question)) : {};
};

/** The outputs as they would be, with markers for what is not known yet. */
export const outputsAfter = (question: ChangeQuestion) => resolveOutputs(changeScope(question));

export const resolvedProperties = (declared: ResourceDeclaration, scope: Scope): Readonly<Record<string, unknown>> =>
  (resolve(declared.Properties ?? {}, scope) ?? {}) as Readonly<Record<string, unknown>>;

const changeScope = ({ wanted, current, importValue }: ChangeQuestion): Scope =>
  scopeOf(wanted, (logicalId) => current.get(logicalId), importValue, knownAfterApply);

/** Every logical id after those it needs. */
const inOrder = (graph: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const seen = new Set<string>();
  const visit = (logicalId: string) => {
    if (seen.has(logicalId)) return;
    for (const needed of graph.get(logicalId) ?? []) visit(needed);
    seen.add(logicalId);
  };
  for (const logicalId of graph.keys()) visit(logicalId);
  return [...seen];
};

const addition = (
  LogicalResourceId: string,
  declared: ResourceDeclaration,
  properties: Readonly<Record<string, unknown>>,
): ResourceChangeRecord => ({
  Action: 'Add',
  LogicalResourceId,
  ResourceType: declared.Type,
  Scope: [],
  Details: [],
  AfterContext: context(properties),
});

const removal = (LogicalResourceId: string, physical: Physical): ResourceChangeRecord => ({
  Action: 'Remove',
  LogicalResourceId,
  PhysicalResourceId: physical.physicalId,
  ResourceType: physical.type,
  Scope: [],
  Details: [],
  PolicyAction: physical.deletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : physical.deletionPolicy,
  BeforeContext: context(physical.properties),
});

interface Compared {
  readonly logicalId: string;
  readonly existing: Physical;
  readonly declared: ResourceDeclaration;
  readonly properties: Readonly<Record<string, unknown>>;
}

const modification = (
  { previous, wanted }: ChangeQuestion,
  causes: ReadonlyMap<string, ResourceChangeRecord>,
  { logicalId, existing, declared, properties }: Compared,
): ResourceChangeRecord | undefined => {
  const comparison = compareResource(existing, declared, properties);
  const after = { declared, properties };
  const details = [
    ...staticDetails(comparison, { logicalId, existing, previous, wanted }, after),
    ...dynamicDetails(causes, existing, after),
    ...noteDetails(comparison),
  ];
  if (details.length === 0) return undefined;
  const Replacement = replacementOf(details);
  const policy = updateReplacePolicyOf(declared);
  return {
    Action: 'Modify',
    LogicalResourceId: logicalId,
    PhysicalResourceId: existing.physicalId,
    ResourceType: existing.type,
    Replacement,
    Scope: [...new Set(details.map(({ Target }) => Target.Attribute))],
    Details: details,
    ...(Replacement === 'False'
      ? {}
      : { PolicyAction: `ReplaceAnd${policy === 'RetainExceptOnCreate' ? 'Retain' : policy}` as const }),
    BeforeContext: context(existing.properties),
    AfterContext: context(properties),
  };
};

const context = (properties: Readonly<Record<string, unknown>>): string => JSON.stringify({ Properties: properties });
