import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesise } from '../../bin/local/synthesise.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Resources of a synthesised template by logical id: what AWS and the embedded cloud both get. */
export const resourcesOf = (stack: string): Readonly<Record<string, Resource>> => {
  const template = JSON.parse(readFileSync(join(synthesise(), `${stack}.template.json`), 'utf8')) as {
    readonly Resources: Readonly<Record<string, Resource>>;
  };
  return template.Resources;
};

export const stacks = ['slipway', 'slipway-cluster-local'] as const;

/** Every resource of both templates of the example stage. */
export const allResources = (): readonly (readonly [id: string, resource: Resource])[] =>
  stacks.flatMap((stack) => Object.entries(resourcesOf(stack)));

/** Statements of the policies attached to a role, by the role's logical id. */
export const statementsOf = (roleId: string): readonly Statement[] =>
  allResources().flatMap(([, { Type, Properties = {} }]) => {
    const { Roles, PolicyDocument } = Properties as {
      Roles?: readonly { readonly Ref: string }[];
      PolicyDocument?: { readonly Statement: readonly Statement[] };
    };
    return Type === 'AWS::IAM::Policy' && Roles?.some(({ Ref }) => Ref === roleId)
      ? (PolicyDocument?.Statement ?? [])
      : [];
  });

/** The one resource of a type whose construct id is `id`: CDK appends eight hex digits. */
export const resourceOf = (type: string, id: string): readonly [id: string, resource: Resource] => {
  const found = allResources().filter(
    ([logicalId, { Type }]) => Type === type && new RegExp(`^${id}[0-9A-F]{8}$`).test(logicalId),
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} resources of ${type} are called ${id}`);
  return only;
};

export const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
