import type { Mode } from '../plan/plan.ts';

/** A CloudFormation template as plain data. */
export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly [key: string]: unknown }>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly Description?: string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A stack parameter: resolved when the release is built, or left for the moment of the CloudFormation call. */
export type Parameter =
  | { readonly kind: 'value'; readonly name: string; readonly value: string }
  /** The lowest free priority of the group's range on the listener, unless the stack already has one in it. */
  | { readonly kind: 'rulePriority'; readonly name: string; readonly group: RouteGroup; readonly listenerArn: string }
  /** The runtime's count as it runs now, else `initial`. */
  | { readonly kind: 'desiredCount'; readonly name: string; readonly runtime: string; readonly initial: number }
  /** ARN of the secret that PG steps keep for a database's application login. */
  | { readonly kind: 'databaseSecret'; readonly name: string; readonly database: string };

export type RouteGroup = 'FIRST' | 'NORMAL' | 'FALLBACK';

/** Priorities of each route group on a listener, both ends included; as the original deployer ranges them. */
export const rulePriorityRanges: Readonly<Record<RouteGroup, readonly [number, number]>> = {
  FIRST: [1, 999],
  NORMAL: [1000, 1999],
  FALLBACK: [2000, 2999],
};

/** What the builder made of an application: the template and everything that stands beside it. */
export interface BuiltApplication {
  readonly template: Template;
  readonly parameters: readonly Parameter[];
  readonly databases: readonly BuiltDatabase[];
  /** Every image the release runs (services, migrations, sidecar), as configured, sorted. */
  readonly images: readonly string[];
  readonly quickMode: boolean;
  /** An explicit choice of mode, made in the application file of this very version. */
  readonly mode?: { readonly use: Mode; readonly reason: string };
}

/** One PostgreSQL database of the application, resolved against its environment. */
export interface BuiltDatabase {
  /** The name the application calls it by. */
  readonly key: string;
  /** The real name: `{env}_{app}_{suffix}`, anything but letters and digits as `_`. */
  readonly databaseName: string;
  readonly serverGroup: string;
  /** Everybody logs in to it with tokens of IAM: it has no secrets. */
  readonly iam?: true;
  readonly extensions: readonly string[];
  readonly migrate?: MigrationContainer;
  /** Slipway's own key `postgres.migrations`. */
  readonly migrationSource?: { readonly tool?: string; readonly path?: string };
}

/** The container that migrates a database; becomes an ECS task definition when PGMigrate runs it. */
export interface MigrationContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly cpu: number;
  readonly memory: number;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  /** `own` is the database being migrated (the migrator's login); others name a secret. */
  readonly secrets: readonly MigrationSecret[];
  /** Of other databases that it names, where they stand elsewhere than its own. */
  readonly serverGroups?: readonly string[];
  /** The container that logs in by IAM for it: `SIDECAR`, with the logins of every database that it names. */
  readonly sidecar?: {
    readonly image: string;
    readonly environment: readonly { readonly name: string; readonly value: string }[];
  };
}

export type MigrationSecret =
  | { readonly name: string; readonly kind: 'database'; readonly database: string; readonly jsonKey: string }
  | { readonly name: string; readonly kind: 'secret'; readonly secretId: string; readonly jsonKey?: string };
