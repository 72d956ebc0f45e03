import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';
import type {
  PropertySpecification,
  TypeSpecification,
  ValueType,
} from '../../infra/local/cloudformation/specification/specification.ts';

/** Of AWS's resource specification, what concerns the types that the embedded cloud names: a line each. */
export const resourceTypes = (root: string): string => {
  const db = loadAwsServiceSpecSync();
  const types = namedTypes(root).flatMap((type) => {
    const found = typeSpecification(db, type);
    return found ? [`${type} ${JSON.stringify(found)}\n`] : [];
  });
  return types.join('');
};

const namedTypes = (root: string): readonly string[] => {
  const sources = globSync('infra/local/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
  const names = sources.flatMap((source) => [...source.matchAll(/'(AWS::\w+::\w+)'/g)].map(([, type = '']) => type));
  return [...new Set(names)].sort();
};

const typeSpecification = (db: SpecDatabase, type: string): TypeSpecification | undefined => {
  const [resource] = db.lookup('resource', 'cloudFormationType', 'equals', type);
  if (!resource) return undefined;
  const objects: Record<string, Record<string, PropertySpecification>> = {};
  const nameOf = (id: string): string => {
    const { name, properties } = db.get('typeDefinition', id);
    // Named before its properties are read: an object may hold itself.
    if (!objects[name]) {
      objects[name] = {};
      Object.assign(objects[name], propertiesOf(properties, nameOf));
    }
    return name;
  };
  const properties = propertiesOf(resource.properties, nameOf);
  return { properties, attributes: Object.keys(resource.attributes).sort(), objects };
};

type NameOf = (id: string) => string;

const propertiesOf = (properties: Readonly<Record<string, Property>>, nameOf: NameOf) =>
  Object.fromEntries(
    Object.entries(properties)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, property]) => [name, propertySpecification(property, nameOf)]),
  );

const propertySpecification = (
  { type, required, causesReplacement }: Property,
  nameOf: NameOf,
): PropertySpecification => ({
  type: valueType(type, nameOf),
  ...(required && { required }),
  ...(causesReplacement && causesReplacement !== 'no' && { replaces: causesReplacement }),
});

const valueType = (type: PropertyType, nameOf: NameOf): ValueType => {
  switch (type.type) {
    case 'string':
      return type.allowedValues ? { values: type.allowedValues.map(String) } : 'string';
    case 'array':
      return { list: valueType(type.element, nameOf) };
    case 'map':
      return { map: valueType(type.element, nameOf) };
    case 'union':
      return { either: type.types.map((each) => valueType(each, nameOf)) };
    case 'ref':
      return { object: nameOf(type.reference.$ref) };
    case 'integer':
      return type.allowedValues ? { values: type.allowedValues.map(String) } : 'integer';
    case 'number':
    case 'boolean':
      return type.type;
    case 'date-time':
      return 'string';
    case 'json':
    case 'tag':
    case 'null':
      return 'json';
  }
};
