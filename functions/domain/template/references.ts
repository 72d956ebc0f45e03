/** What a part of a template names elsewhere in it. */
export interface References {
  /** Parameters and resources. */
  readonly names: ReadonlySet<string>;
  /** Those of the names whose attributes are asked for. */
  readonly attributes: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
  readonly mappings: ReadonlySet<string>;
}

/** Everything that a template's part refers to by Ref, GetAtt, Sub, If, Condition, FindInMap and DependsOn. */
export const referencesOf = (node: unknown): References => {
  const found = {
    names: new Set<string>(),
    attributes: new Set<string>(),
    conditions: new Set<string>(),
    mappings: new Set<string>(),
  };
  collect(node, found);
  return found;
};

interface Found {
  readonly names: Set<string>;
  readonly attributes: Set<string>;
  readonly conditions: Set<string>;
  readonly mappings: Set<string>;
}

const collect = (node: unknown, found: Found): void => {
  if (Array.isArray(node)) for (const item of node) collect(item, found);
  else if (typeof node === 'object' && node !== null)
    for (const [key, under] of Object.entries(node)) {
      if (key === 'Fn::Sub') collectSub(under, found);
      else {
        collectKey(key, under, node, found);
        collect(under, found);
      }
    }
};

const collectKey = (key: string, under: unknown, node: object, found: Found): void => {
  if (key === 'Ref') add(found.names, under);
  else if (key === 'Fn::GetAtt') addAttribute(found, firstOf(under)?.split('.')[0]);
  else if (key === 'Fn::If' || (key === 'Condition' && isOwn(node))) add(found.conditions, firstOf(under));
  else if (key === 'Fn::FindInMap') add(found.mappings, firstOf(under));
  else if (key === 'DependsOn' && isOwn(node)) for (const name of [under].flat()) add(found.names, name);
};

const firstOf = (under: unknown): string | undefined => {
  const first: unknown = Array.isArray(under) ? under[0] : under;
  return typeof first === 'string' ? first : undefined;
};

/** A resource names its condition and its dependencies beside its type; a container may have keys of the same name. */
const isOwn = (node: object): boolean => 'Type' in node || Object.keys(node).length === 1;

const collectSub = (under: unknown, found: Found) => {
  const [text, given]: readonly unknown[] = Array.isArray(under) ? under : [under];
  const own: object = typeof given === 'object' && given !== null ? given : {};
  collect(own, found);
  if (typeof text !== 'string') return;
  // `${!name}` stands for the text `${name}`.
  for (const [, name = ''] of text.matchAll(/\$\{([^!}][^}]*)\}/g))
    if (!Object.hasOwn(own, name.trim())) addSubstituted(found, name.trim().split('.'));
};

const addSubstituted = (found: Found, [name, attribute]: readonly (string | undefined)[]) =>
  attribute === undefined ? add(found.names, name) : addAttribute(found, name);

const addAttribute = (found: Found, name: unknown) => {
  add(found.names, name);
  add(found.attributes, name);
};

/** Pseudo parameters such as `AWS::Region` are always there. */
const add = (names: Set<string>, name: unknown) => {
  if (typeof name === 'string' && name !== '' && !name.startsWith('AWS::')) names.add(name);
};
