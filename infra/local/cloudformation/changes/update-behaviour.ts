/** What AWS does to a resource when one property changes. */
export type Recreation = 'Never' | 'Conditionally' | 'Always';

export interface UpdateBehaviour {
  /** Names of the properties that differ, as CloudFormation compares (10 equals "10"), each with its recreation. */
  changed(type: string, before: Values, after: Values): ReadonlyMap<string, Recreation>;
  recreation(type: string, property: string): Recreation;
  /** The property by which the template itself names the resource, when a change of it needs replacement. */
  nameProperty(type: string, properties: Values): string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** AWS's own resource specification; loaded on first use, since that takes half a second. */
export const loadUpdateBehaviour = (): Promise<UpdateBehaviour> => {
  loaded ??= import('@aws-cdk/cloudformation-diff/lib/diff/index.js').then(({ diffResource }) =>
    behaviour(diffResource),
  );
  return loaded;
};

let loaded: Promise<UpdateBehaviour> | undefined;

// The comparison of one resource; whole templates would also be read for what their policies mean.
type DiffResource = typeof import('@aws-cdk/cloudformation-diff/lib/diff/index.js').diffResource;

const behaviour = (diffResource: DiffResource): UpdateBehaviour => {
  const changed = (type: string, before: Values, after: Values) => {
    const updates = diffResource({ Type: type, Properties: before }, { Type: type, Properties: after }).propertyUpdates;
    return new Map(Object.entries(updates).map(([name, { changeImpact }]) => [name, recreationOf(changeImpact)]));
  };
  const known = new Map<string, Recreation>();
  const recreation = (type: string, property: string): Recreation => {
    const key = `${type}.${property}`;
    const found = known.get(key) ?? changed(type, { [property]: 'a' }, { [property]: 'b' }).get(property) ?? 'Never';
    known.set(key, found);
    return found;
  };
  return {
    changed,
    recreation,
    nameProperty: (type, properties) =>
      nameCandidates(type).find((name) => properties[name] !== undefined && recreation(type, name) === 'Always'),
  };
};

const recreationOf = (impact: string | undefined): Recreation => {
  if (impact === 'WILL_REPLACE') return 'Always';
  return impact === 'MAY_REPLACE' ? 'Conditionally' : 'Never';
};

/** `AWS::EC2::SecurityGroup` is named by GroupName, `AWS::S3::Bucket` by BucketName, a database by its Identifier. */
const nameCandidates = (type: string): readonly string[] => {
  const last = type.split('::').at(-1) ?? '';
  const tail = /[A-Z][a-z]+$/.exec(last)?.[0] ?? last;
  return ['Name', `${last}Name`, `${tail}Name`, `${last}Identifier`];
};
