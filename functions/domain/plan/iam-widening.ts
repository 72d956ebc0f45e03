import { canonical } from '../canonical.ts';
import type { Template, TemplateResource } from '../template/template.ts';
import { ownedBy } from './owned-by.ts';
import type { ResourceChange } from './plan.ts';
import { asList, isRecord } from './policy-form.ts';
import { isIam } from './resource-kinds.ts';

/** One right: who or what may do an action on a resource under a condition; the unit in which rights are compared. */
interface Right {
  readonly effect: string;
  readonly action: string;
  /** Everything but the action, as canonical text. */
  readonly on: string;
  /** Logical ids of what it is granted on. */
  readonly owns: readonly string[];
}

/**
 * Rights that the release's template gives and the running one does not, each a sentence. What is granted only on
 * resources that this very release adds is no widening: there is nothing behind it yet. A right that cannot be compared,
 * because it stands in a form that is not known, counts as new.
 */
export const iamWidening = (
  running: Template,
  next: Template,
  changes: readonly ResourceChange[],
  parameters: Readonly<Record<string, string>> = {},
): readonly string[] =>
  [...widenedRights(running, next), ...movedReferences(running, next, changes)].map((sentence) =>
    named(sentence, parameters),
  );

/** `{"Ref":"Policy"}` by the value of the parameter, so that people read what they approve. */
const named = (sentence: string, parameters: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{"Ref":"([^"]+)"\}/g, (reference, name: string) =>
    Object.hasOwn(parameters, name) ? (parameters[name] ?? reference) : reference,
  );

const grants = ['AssumeRolePolicyDocument', 'PolicyDocument', 'Policies', 'ManagedPolicyArns', 'PermissionsBoundary'];

/** The words stay, but what they refer to moves, such as a parameter that holds a policy: nobody knows to what. */
const movedReferences = (running: Template, next: Template, changes: readonly ResourceChange[]): readonly string[] =>
  changes
    .filter((change) => isIam(change.type) && change.action === 'Modify')
    .flatMap(({ logicalId, properties }) =>
      properties
        .filter((name) => grants.includes(name) && sameText(running, next, logicalId, name))
        .map((name) => `IAM may widen: what ${name} of ${logicalId} refers to changes.`),
    );

const sameText = (running: Template, next: Template, logicalId: string, name: string): boolean =>
  canonical(running.Resources[logicalId]?.Properties?.[name] ?? null) ===
  canonical(next.Resources[logicalId]?.Properties?.[name] ?? null);

const widenedRights = (running: Template, next: Template): readonly string[] => {
  const before = Object.values(running.Resources).flatMap((resource) => rightsOf(resource, running));
  return Object.entries(next.Resources)
    .filter(([, resource]) => isIam(resource.Type))
    .flatMap(([logicalId, resource]) => widened(logicalId, resource, before, running, next));
};

const widened = (
  logicalId: string,
  resource: TemplateResource,
  before: readonly Right[],
  running: Template,
  next: Template,
): readonly string[] => {
  const old = running.Resources[logicalId];
  const mine = old === undefined ? before : rightsOf(old, running);
  const gained = rightsOf(resource, next)
    .filter((right) => right.effect !== 'Deny' && !isHeld(right, mine) && !isOnOwnNew(right, running))
    .map((right) => `${logicalId} may ${right.action}`);
  const lostDenials =
    old === undefined
      ? []
      : lost(mine, rightsOf(resource, next)).map((right) => `${logicalId} is no longer denied ${right.action}`);
  const unbound =
    old !== undefined && boundary(old) !== 'null' && boundary(old) !== boundary(resource)
      ? [`${logicalId} has another permissions boundary`]
      : [];
  return [...new Set([...gained, ...lostDenials, ...unbound])].map((what) => `IAM widens: ${what}.`);
};

const lost = (before: readonly Right[], after: readonly Right[]): readonly Right[] =>
  before.filter((right) => right.effect === 'Deny' && !after.some((other) => isSame(right, other)));

const isSame = (one: Right, other: Right): boolean =>
  one.effect === other.effect && one.action === other.action && one.on === other.on;

/** A right is held when the same one was there, with the same action or a pattern that covers it. */
const isHeld = (right: Right, before: readonly Right[]): boolean =>
  before.some((other) => other.effect === right.effect && other.on === right.on && covers(other.action, right.action));

const covers = (pattern: string, action: string): boolean =>
  pattern === action ||
  (pattern.endsWith('*') &&
    !pattern.slice(0, -1).includes('*') &&
    action.toLowerCase().startsWith(pattern.slice(0, -1).toLowerCase()));

const isOnOwnNew = (right: Right, running: Template): boolean =>
  right.owns.length > 0 &&
  right.owns.every((logicalId) => !Object.hasOwn(running.Resources, logicalId)) &&
  !/^(\*|iam:|sts:)/i.test(right.action);

const boundary = (resource: TemplateResource): string =>
  canonical(resource.Properties?.['PermissionsBoundary'] ?? null);

const rightsOf = (resource: TemplateResource, template: Template): readonly Right[] => {
  if (!isIam(resource.Type)) return [];
  const properties = resource.Properties ?? {};
  return [
    ...statementsOf(properties['AssumeRolePolicyDocument']).flatMap((each) =>
      rightsOfStatement(each, 'assume', template),
    ),
    ...statementsOf(properties['PolicyDocument']).flatMap((each) => rightsOfStatement(each, 'policy', template)),
    ...asList(properties['Policies'])
      .flatMap((policy) =>
        isRecord(policy) && policy['PolicyDocument'] !== undefined ? statementsOf(policy['PolicyDocument']) : [policy],
      )
      .flatMap((each) => rightsOfStatement(each, 'policy', template)),
    ...asList(properties['ManagedPolicyArns']).map((arn) =>
      whole(`do all that the managed policy ${typeof arn === 'string' ? arn : canonical(arn ?? null)} allows`, arn),
    ),
  ];
};

const rightsOfStatement = (statement: unknown, kind: string, template: Template): readonly Right[] => {
  if (!isRecord(statement)) return [whole(unknownForm, [kind, statement])];
  const { Effect: effect, Action: action, Sid: _, Resource: resource, ...rest } = statement;
  if (typeof effect !== 'string' || action === undefined) return [whole(unknownForm, [kind, statement])];
  return asList(action).flatMap((each) =>
    (resource === undefined ? [undefined] : asList(resource)).map((on) => ({
      effect,
      action: typeof each === 'string' ? each : canonical(each),
      on: canonical([kind, on ?? null, rest]),
      owns: ownedBy(on, template),
    })),
  );
};

const whole = (action: string, on: unknown): Right => ({
  effect: 'Allow',
  action,
  on: canonical(on ?? null),
  owns: [],
});

const unknownForm = 'do something that is written in a form Slipway does not know';

const statementsOf = (document: unknown): readonly unknown[] => {
  if (document === undefined) return [];
  return isRecord(document) && document['Statement'] !== undefined ? asList(document['Statement']) : [document];
};
