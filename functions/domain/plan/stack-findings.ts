import { servesNothing } from '../template/serving.ts';
import type { Template } from '../template/template.ts';
import { canonicalChanges, isVersionChange } from './canonical-changes.ts';
import { iamWidening } from './iam-widening.ts';
import type { ResourceChange, StackFindings } from './plan.ts';
import { dependenciesOf } from './references.ts';
import { isServing, isStateful, namePropertyOf, taskDefinition } from './resource-kinds.ts';

export interface StackInput {
  /** The change set from what runs to the release: its changes, or why CloudFormation refused it. */
  readonly prepared: { readonly changes: readonly ResourceChange[]; readonly failure?: string };
  readonly running: Template;
  readonly release: Template;
  /** Values that the change set was made with; they give names to what the template only refers to. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Everything CFPlan has to say about the stack. */
export const stackFindings = ({ prepared, running, release, parameters = {} }: StackInput): StackFindings => {
  const changes = canonicalChanges(prepared.changes);
  const refused = prepared.failure === undefined ? [] : [`CloudFormation refuses the change: ${prepared.failure}`];
  return {
    firstRelease: servesNothing(running),
    changes,
    kind: kindOf(changes),
    versionIndependent: isVersionIndependent(changes, release),
    additive: changes.every((change) => change.action === 'Add' || isVersionChange(change)),
    replacesServing: changes
      .filter((change) => isServing(change.type) && replaces(change))
      .map((change) => change.logicalId),
    approvals: approvals(changes, running, release, parameters),
    refusals: [...refused, ...refusals(changes, release)],
  };
};

/** What nobody may do without a person, or at all, each a sentence: for steps that run without a plan. */
export const needsPerson = (
  changes: readonly ResourceChange[],
  running: Template,
  release: Template,
): readonly string[] => [...approvals(changes, running, release, {}), ...refusals(changes, release)];

const kindOf = (changes: readonly ResourceChange[]): StackFindings['kind'] => {
  if (changes.length === 0) return 'nothing';
  return changes.every(isVersionChange) ? 'version-only' : 'infrastructure';
};

/** No changed resource is referred to, however indirectly, by a task definition whose content changes. */
const isVersionIndependent = (changes: readonly ResourceChange[], next: Template): boolean => {
  const definitions = changes.filter((change) => change.type === taskDefinition && change.action !== 'Remove');
  const others = changes.filter((change) => !definitions.includes(change)).map((change) => change.logicalId);
  return definitions.every(({ logicalId }) => {
    const needed = dependenciesOf(logicalId, next);
    return others.every((other) => !needed.has(other));
  });
};

/** `Conditional` may turn out to be a replacement. A task definition is replaced by every change: that is its nature. */
const replaces = (change: ResourceChange): boolean =>
  change.action === 'Modify' && change.replacement !== 'False' && change.type !== taskDefinition;

/** Before anything serves there is nothing to widen; what is there to be lost may still be somebody's. */
const approvals = (
  changes: readonly ResourceChange[],
  running: Template,
  release: Template,
  parameters: Readonly<Record<string, string>>,
): readonly string[] => [
  ...changes.filter((change) => isStateful(change.type) && loses(change, running)).map(lossSentence),
  ...(servesNothing(running) ? [] : iamWidening(running, release, changes, parameters)),
];

/** Removing a retained resource leaves it and its data in place; replacing it leaves the data with the old one. */
const loses = (change: ResourceChange, running: Template): boolean => {
  if (change.action !== 'Remove') return replaces(change);
  const policy = change.policyAction ?? running.Resources[change.logicalId]?.DeletionPolicy ?? 'Delete';
  return !policy.startsWith('Retain');
};

const lossSentence = (change: ResourceChange): string => {
  if (change.action === 'Remove') return `${change.logicalId} (${change.type}) would be deleted with what it holds.`;
  const may = change.replacement === 'True' ? 'would' : 'may';
  return `${change.logicalId} (${change.type}) ${may} be replaced by an empty one, because of ${change.properties.join(', ') || 'what it refers to'}.`;
};

/** CloudFormation creates the new one before it deletes the old one, and the name is taken (aws/aws-cdk#4347). */
const refusals = (changes: readonly ResourceChange[], release: Template): readonly string[] =>
  changes
    .filter((change) => replaces(change) && change.replacement === 'True' && keepsName(change, release))
    .map((change) => {
      const property = namePropertyOf(change.type);
      return `${change.logicalId} (${change.type}) would have to be replaced, because of ${change.properties.join(', ') || 'what it refers to'}, but its ${property} is fixed and still taken: give it another logical id and ${property}, or undo the change.`;
    });

const keepsName = (change: ResourceChange, release: Template): boolean => {
  const property = namePropertyOf(change.type);
  if (property === undefined || change.properties.includes(property)) return false;
  return release.Resources[change.logicalId]?.Properties?.[property] !== undefined;
};
