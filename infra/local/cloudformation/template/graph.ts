import { AwsError } from '../../wire/service.ts';
import { referencesIn } from './references.ts';
import { formatError, isRecord, type ResourceDeclaration, type Template } from './template.ts';

/**
 * Who must exist before whom, from DependsOn and references. `declared` is the template as written, `taken` the one whose
 * conditions are decided: DependsOn on a resource that is declared but does not apply is ignored, a reference to it is dangling.
 */
export const dependencyGraph = (declared: Template, taken: Template): ReadonlyMap<string, readonly string[]> => {
  const exists = (name: string) => Object.hasOwn(taken.Resources, name);
  const isParameter = (name: string) => Object.hasOwn(declared.Parameters ?? {}, name);
  const mentioned = (value: unknown) => referencesIn(value).map(({ name }) => name);
  const dangling = (names: readonly string[]) => names.filter((name) => !exists(name) && !isParameter(name));

  const graph = new Map(
    Object.entries(taken.Resources).map(([logicalId, resource]) => {
      const needs = [...dependsOn(resource).filter((name) => exists(name) || !Object.hasOwn(declared.Resources, name))];
      return [logicalId, [...new Set([...needs, ...mentioned(bodyOf(resource))])]] as const;
    }),
  );
  refuse('Resources', [...new Set([...graph.values()].flatMap(dangling))]);
  refuse('Outputs', [...new Set(dangling(Object.values(taken.Outputs ?? {}).flatMap(outputMentions)))]);
  const edges = new Map([...graph].map(([logicalId, names]) => [logicalId, names.filter(exists)]));
  const circle = cycleIn(edges);
  if (circle) throw new AwsError('ValidationError', `Circular dependency between resources: [${circle.join(', ')}]`);
  return edges;
};

const dependsOn = ({ DependsOn = [] }: ResourceDeclaration): readonly string[] =>
  typeof DependsOn === 'string' ? [DependsOn] : DependsOn;

const bodyOf = ({ Properties, Metadata, UpdatePolicy, CreationPolicy }: ResourceDeclaration) => [
  Properties,
  Metadata,
  UpdatePolicy,
  CreationPolicy,
];

const outputMentions = (output: unknown): readonly string[] =>
  isRecord(output) ? referencesIn([output['Value'], output['Export']]).map(({ name }) => name) : [];

const refuse = (block: string, names: readonly string[]) => {
  if (names.length)
    throw formatError(`Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the template`);
};

/** The members of one circle, or undefined. */
const cycleIn = (edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const left = new Map(edges);
  for (let free = leaves(left); free.length; free = leaves(left)) for (const name of free) left.delete(name);
  return left.size ? [...left.keys()].sort() : undefined;
};

const leaves = (edges: ReadonlyMap<string, readonly string[]>): readonly string[] =>
  [...edges].filter(([, needs]) => !needs.some((name) => edges.has(name))).map(([name]) => name);
