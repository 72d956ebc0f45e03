import { canonical } from './canonical.ts';
import type { Migrations } from './migrations/migrations.ts';
import type { Mode } from './plan/plan.ts';
import { type Hash, stackName } from './template/names.ts';
import { pinImage, pinImages } from './template/pin-images.ts';
import type { BuiltApplication, BuiltDatabase, Parameter, Template } from './template/template.ts';

/** What is deployed, found by its content: two requests for the same content name the same release. */
export interface Release {
  /** sha256, hex, over everything below. */
  readonly hash: string;
  readonly stackName: string;
  readonly environment: string;
  readonly application: string;
  /** Git SHA or tag. */
  readonly version: string;
  /** Complete CloudFormation template, its images pinned by digest. */
  readonly template: Template;
  readonly parameters: readonly Parameter[];
  readonly databases: readonly ReleaseDatabase[];
  /** Image as configured -> image pinned by digest. */
  readonly images: Readonly<Record<string, string>>;
  /** The application's own wish for quick deployments. */
  readonly quickMode: boolean;
  /** An explicit choice of mode, made in the application file of this very version. */
  readonly mode?: { readonly use: Mode; readonly reason: string };
}

export interface ReleaseDatabase extends BuiltDatabase {
  readonly migrations: Migrations;
}

export interface ReleaseParts {
  readonly environment: string;
  readonly application: string;
  readonly version: string;
  readonly built: BuiltApplication;
  /** Image as configured -> `sha256:...`. */
  readonly digests: Readonly<Record<string, string>>;
  /** Of a preview: images that do not exist yet, and stand in it as configured. */
  readonly missingImages?: readonly string[];
  /** The migration files of each database, by its key. */
  readonly migrations: Readonly<Record<string, Migrations>>;
  readonly hash: Hash;
}

/**
 * Puts a release together: images pinned, hash over the canonical JSON of all the rest.
 * @throws when a digest or the migrations of a database are missing.
 */
export const releaseFrom = ({ built, digests, missingImages, migrations, hash, ...names }: ReleaseParts): Release => {
  const pinned = pinImages(built, digests, missingImages);
  const content = {
    stackName: stackName(names.environment, names.application),
    environment: names.environment,
    application: names.application,
    version: names.version,
    template: pinned.template,
    parameters: pinned.parameters,
    databases: pinned.databases.map((database) => ({ ...database, migrations: migrationsOf(database, migrations) })),
    images: Object.fromEntries(built.images.map((image) => [image, pinImage(image, digests, missingImages)])),
    quickMode: pinned.quickMode,
    ...(pinned.mode && { mode: pinned.mode }),
  };
  return { hash: hash(canonical(content)), ...content };
};

const migrationsOf = ({ key }: BuiltDatabase, migrations: ReleaseParts['migrations']): Migrations => {
  const found = Object.hasOwn(migrations, key) ? migrations[key] : undefined;
  if (!found) throw new Error(`The migrations of database ${key} were not read`);
  return found;
};
