import type { Application } from '../application/application.ts';
import type { Cluster } from '../environment/cluster.ts';
import type { Environment } from '../environment/environment.ts';
import { type Hash, stackName } from './names.ts';
import type { TemplateResource } from './template.ts';

export interface BuildInput {
  readonly application: Application;
  readonly environment: Environment;
  readonly cluster: Cluster;
  /** Git SHA or tag. */
  readonly version: string;
  readonly hash: Hash;
}

/** What every part of the builder looks at. */
export interface Build extends BuildInput {
  readonly stack: string;
}

/** Resources by logical id. */
export type Resources = Readonly<Record<string, TemplateResource>>;

export const buildFrom = (input: BuildInput): Build => ({
  ...input,
  stack: stackName(input.environment.fullName, input.application.name),
});

export const ref = (name: string) => ({ Ref: name });

export const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
