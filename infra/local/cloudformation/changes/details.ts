import type { Physical } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { referencesIn } from '../template/references.ts';
import type { ResourceDeclaration } from '../template/template.ts';
import type { Comparison } from './comparison.ts';
import type { ChangeDetail, ResourceChangeRecord } from './resource-change.ts';
import { type Recreation, recreationOf } from './update-behaviour.ts';

interface Sides {
  readonly logicalId: string;
  readonly existing: Physical;
  readonly previous: Prepared | undefined;
  readonly wanted: Prepared;
}

interface After {
  readonly declared: ResourceDeclaration;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Properties that certainly change: the template's text did, or a parameter it refers to. */
export const staticDetails = (comparison: Comparison, sides: Sides, { properties }: After): readonly ChangeDetail[] =>
  [...comparison.properties].flatMap(([name, recreation]) => {
    const target = propertyTarget(name, recreation, sides.existing.properties[name], properties[name]);
    return sourcesOf(name, sides).map((source) => ({ Target: target, Evaluation: 'Static' as const, ...source }));
  });

/**
 * Properties that refer to a resource of the same change set that changes: through Ref when it may be replaced, through
 * Fn::GetAtt when it changes at all.
 */
export const dynamicDetails = (
  causes: ReadonlyMap<string, ResourceChangeRecord>,
  existing: Physical,
  { declared, properties }: After,
): readonly ChangeDetail[] =>
  Object.entries(declared.Properties ?? {}).flatMap(([name, text]) => {
    const moved = referencesIn(text).filter(({ name: cause, attribute }) => moves(causes.get(cause), attribute));
    const entities = new Map(moved.map((one) => [one.attribute ? `${one.name}.${one.attribute}` : one.name, one]));
    const recreation = recreationOf(existing.type, name);
    return [...entities].map(
      ([CausingEntity, { attribute }]): ChangeDetail => ({
        Target: propertyTarget(name, recreation, existing.properties[name], properties[name]),
        Evaluation: 'Dynamic',
        ChangeSource: attribute === undefined ? 'ResourceReference' : 'ResourceAttribute',
        CausingEntity,
      }),
    );
  });

export const noteDetails = ({ notes }: Comparison): readonly ChangeDetail[] =>
  notes.map((Attribute) => ({
    Target: { Attribute, RequiresRecreation: 'Never' },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  }));

/** The rule of the API's `Replacement`: a certain change that always recreates is True, any other that may is Conditional. */
export const replacementOf = (details: readonly ChangeDetail[]): 'True' | 'False' | 'Conditional' => {
  const certain = details.some((one) => one.Evaluation === 'Static' && one.Target.RequiresRecreation === 'Always');
  if (certain) return 'True';
  return details.some((one) => one.Target.RequiresRecreation !== 'Never') ? 'Conditional' : 'False';
};

const moves = (cause: ResourceChangeRecord | undefined, attribute: string | undefined): boolean => {
  if (cause?.Action !== 'Modify' || !cause.Scope.includes('Properties')) return false;
  return attribute !== undefined || cause.Replacement !== 'False';
};

const sourcesOf = (name: string, sides: Sides): readonly Pick<ChangeDetail, 'ChangeSource' | 'CausingEntity'>[] => {
  const { logicalId, previous, wanted } = sides;
  const before = previous?.template.Resources[logicalId]?.Properties?.[name];
  const after = wanted.template.Resources[logicalId]?.Properties?.[name];
  const parameters = previous
    ? [...new Set(referencesIn(after).map((one) => one.name))].filter(
        (one) =>
          Object.hasOwn(wanted.parameters, one) &&
          JSON.stringify(wanted.parameters[one]) !== JSON.stringify(previous.parameters[one]),
      )
    : [];
  if (JSON.stringify(before) !== JSON.stringify(after) || parameters.length === 0)
    return [{ ChangeSource: 'DirectModification' }];
  return parameters.map((CausingEntity) => ({ ChangeSource: 'ParameterReference', CausingEntity }));
};

const propertyTarget = (
  Name: string,
  recreation: Recreation,
  before: unknown,
  after: unknown,
): ChangeDetail['Target'] => ({
  Attribute: 'Properties',
  Name,
  RequiresRecreation: recreation,
  Path: `/Properties/${Name}`,
  ...(before === undefined ? {} : { BeforeValue: written(before) }),
  ...(after === undefined ? {} : { AfterValue: written(after) }),
  AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
});

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
