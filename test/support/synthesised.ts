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

const folder = synthesise();

const readJson = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;

const stacks = ['slipway', 'slipway-cluster-local'] as const;

const resources = stacks.flatMap((stack) =>
  Object.entries(
    readJson<{ readonly Resources: Readonly<Record<string, Resource>> }>(`${stack}.template.json`).Resources,
  ),
);

/** Every resource of the example stage, by logical id: what AWS and the embedded cloud both get. */
export const allResources = (): readonly (readonly [id: string, resource: Resource])[] => resources;

export const resourcesOfType = (type: string) => resources.filter(([, { Type }]) => Type === type);

/** Statements of the policies attached to a role, by the role's logical id. */
export const statementsOf = (roleId: string): readonly Statement[] =>
  allResources().flatMap(([, { Type, Properties = {} }]) => {
    const { Roles, PolicyDocument } = Properties as {
      Roles?: readonly { readonly Ref: string }[];
      PolicyDocument?: { readonly Statement: readonly Statement[] };
    };
    return /^AWS::IAM::(Managed)?Policy$/.test(Type) && Roles?.some(({ Ref }) => Ref === roleId)
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

/** Folder of a function's code, by the key of its asset. */
export const codeOf = (id: string): string => {
  const [, { Properties }] = resourceOf('AWS::Lambda::Function', id);
  const { S3Key } = (Properties?.['Code'] ?? {}) as { readonly S3Key?: string };
  const hash = String(S3Key).replace(/\.zip$/, '');
  const found = stacks
    .map((stack) => readJson<Assets>(`${stack}.assets.json`).files[hash]?.source.path)
    .find((path) => path !== undefined);
  if (!found) throw new Error(`${id} has no asset ${hash}`);
  return join(folder, found);
};

interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}
