import { readDbmateFile } from './dbmate.ts';
import type { Migrations } from './migrations.ts';

interface Bringer {
  readonly databases: readonly { readonly key: string; readonly migrations: Migrations }[];
}

/** The migrations of a release that are marked `-- slipway: must-run`, each with its database. */
export const mustRunMigrations = ({ databases }: Bringer): readonly string[] =>
  databases.flatMap(({ key, migrations }) =>
    migrations.files.filter(({ content }) => isMarked(content)).map(({ id }) => `${key}/${id}`),
  );

/**
 * Whether a release is the first in line with a marked migration. Files stay in a repository for good, so that every
 * later release has them too; only the one that brings them must not be skipped.
 */
export const bringsMustRun = (marked: readonly string[], before: Bringer | undefined): boolean => {
  const known = before ? mustRunMigrations(before) : [];
  return marked.some((migration) => !known.includes(migration));
};

const isMarked = (content: string): boolean => {
  const file = readDbmateFile(content);
  return file.kind === 'readable' && file.mustRun;
};
